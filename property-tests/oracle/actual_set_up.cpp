// Everybody there is: accounts, clients, connections and conversations, as a service is asked for them.

#include <algorithm>
#include <array>

#include "impl/service/clients.hpp"
#include "impl/service/connections.hpp"
#include "impl/service/conversations.hpp"
#include "impl/store/accounts.hpp"
#include "property-tests/oracle/actual.hpp"

namespace twostep::properties::oracle {

using boost::asio::awaitable;

void Actual::add_sites() {
  constexpr std::array domains = {"a.example", "b.example", "c.example"};
  for (std::size_t i = 0; i < cast_.backends; ++i) {
    sites_.push_back(std::unique_ptr<Site>{new Site{
        .domain = *Domain::parse(domains.at(i)),
        .id_policy = plant_ == Plant::ids_by_wall_clock ? store::IdPolicy::wall_clock
                                                        : store::IdPolicy::monotonic,
        .scheduler = scheduler_,
        .choices = chance_.network,
        .database = {scheduler_, chance_.store, true},
        .network = between_.get(),
    }});
    sites_.back()->skews.resize(1);
    sites_.back()->nodes.resize(1);
    start(i);
  }
}

void Actual::start(std::size_t number) {
  auto& started = site(number);
  if (!started.database.takes_writes()) started.database.restart();
  started.nodes[0] =
      std::make_unique<Node>(started, 0, stream_seed(chance_.seed, "node", ++starts_));
}

Inboxes Actual::begin() {
  for (std::size_t person = 0; person < cast_.people.size(); ++person) {
    Random random{stream_seed(chance_.seed, "user", person)};
    Uuid::Octets octets;
    for (auto& octet : octets) octet = static_cast<std::uint8_t>(random.next());
    users_.push_back(UserId{Uuid::random(octets)});
  }
  // The model numbers clients; so the keys are put in the order of the ids that are made of them.
  for (const auto& device : cast_.devices) keys_.push_back("key of " + device.name);
  const auto by_id = [](const std::string& one, const std::string& other) {
    return service::client_id_of(one) < service::client_id_of(other);
  };
  const auto of_each = static_cast<std::ptrdiff_t>(cast_.clients) + 1;
  for (auto first = keys_.begin(); first != keys_.end(); first += of_each)
    std::sort(first, first + of_each, by_id);
  for (const auto& key : keys_) clients_.push_back(service::client_id_of(key));

  run(set_up());
  read_inboxes();
  Inboxes inboxes;
  for (std::size_t person = 0; person < rows_.size(); ++person) {
    auto& inbox = inboxes.emplace_back();
    for (const auto& row : rows_[person]) inbox.push_back(row.content);
    shown_rows_[person] = inbox.size();
  }
  for (auto& each : sites_) {
    each->plant = plant_;
    each->database.behave({}, plant_);
  }
  return inboxes;
}

awaitable<void> Actual::set_up() {
  for (std::size_t person = 0; person < users_.size(); ++person) {
    Account account;
    account.id = users_[person];
    account.name = cast_.people[person].name;
    store::Write write{[&](store::Transaction& rows) { store::put_account(rows, account); }};
    auto& home = site(cast_.people[person].user.home.value);
    co_await home.nodes[0]->backend().store.write(std::move(write));
  }
  for (std::size_t person = 0; person < users_.size(); ++person) co_await introduce(person);
  for (std::size_t talk = 0; talk < cast_.talks.size(); ++talk) co_await add_talk(talk);
}

/// Registers the devices of a person, who is then connected with everybody.
awaitable<void> Actual::introduce(std::size_t person) {
  auto& backend = site(cast_.people[person].user.home.value).nodes[0]->backend();
  for (std::size_t device = 0; device < cast_.devices.size(); ++device) {
    if (cast_.devices[device].person != person || !cast_.devices[device].registered) continue;
    NewClient wanted;
    wanted.last_resort_key = keys_[device];
    co_await service::add_client(backend, caller(device), wanted);
  }
  for (std::size_t other = 0; other < users_.size(); ++other) {
    if (other == person) continue;
    const auto asker = at_a_browser(person);
    co_await service::ask_for_connection(backend, asker, name_of(other));
  }
}

awaitable<void> Actual::add_talk(std::size_t talk) {
  const auto creator = cast_.talks[talk].creator;
  wire::NewConversation wanted;
  for (std::size_t person = 0; person < users_.size(); ++person)
    if (person != creator) wanted.users.push_back(name_of(person));
  std::sort(wanted.users.begin(), wanted.users.end());
  auto& backend = site(cast_.talks[talk].id.owner.value).nodes[0]->backend();
  const auto caller = at_a_browser(creator);
  const auto created = co_await service::create_conversation(backend, caller, wanted);
  talks_.push_back(created.value().conversation.id);
}

}  // namespace twostep::properties::oracle
