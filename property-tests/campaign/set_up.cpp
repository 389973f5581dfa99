#include <array>

#include "impl/service/clients.hpp"
#include "impl/service/connections.hpp"
#include "impl/service/conversations.hpp"
#include "impl/store/accounts.hpp"
#include "property-tests/campaign/acts.hpp"

namespace twostep::properties {
namespace {

using boost::asio::awaitable;

constexpr std::array<std::array<const char*, 5>, 3> cast = {{
    {"alice", "ann", "arno", "alma", "axel"},
    {"bob", "bea", "ben", "britta", "boris"},
    {"charlie", "chris", "cleo", "clara", "carl"},
}};

UserId user_id(Stage& stage, std::size_t person) {
  Random random{stream_seed(stage.start.seed, "user", person)};
  Uuid::Octets octets;
  for (auto& octet : octets) octet = static_cast<std::uint8_t>(random.next());
  return UserId{Uuid::random(octets)};
}

awaitable<void> add_people(Stage& stage, std::size_t site) {
  for (std::size_t i = 0; i < stage.mix.users; ++i) {
    const auto number = stage.history.people.size();
    const Person person{site, user_id(stage, number), cast.at(site).at(i)};
    stage.history.people.push_back(person);
    Account account;
    account.id = person.id;
    account.name = person.name;
    store::Write write{[&](store::Transaction& rows) { store::put_account(rows, account); }};
    co_await stage.sites[site]->nodes[0]->backend().store.write(std::move(write));

    // One more than are registered at first.
    for (std::size_t n = 0; n <= stage.mix.clients; ++n) {
      Device device{.person = number};
      device.name = person.name + "/" + std::to_string(n + 1);
      device.last_resort_key = "key of " + device.name;
      device.client = service::client_id_of(device.last_resort_key);
      device.connection = {stage.history.devices.size() + 1};
      stage.history.devices.push_back(std::move(device));
    }
  }
}

/// Registers a device, and everybody of a site is connected with everybody.
awaitable<void> introduce(Stage& stage, std::size_t site) {
  auto& history = stage.history;
  auto& backend = stage.sites[site]->nodes[0]->backend();
  for (std::size_t i = 0; i < history.devices.size(); ++i) {
    auto& device = history.devices[i];
    const bool spare = device.name.back() == static_cast<char>('1' + stage.mix.clients);
    if (stage.person_of(device).site != site || spare) continue;
    NewClient wanted;
    wanted.last_resort_key = device.last_resort_key;
    const auto added = co_await service::add_client(backend, stage.caller(device), wanted);
    device.registered.holds = added.has_value();
  }
  for (std::size_t one = 0; one < history.people.size(); ++one) {
    for (std::size_t other = 0; other < history.people.size(); ++other) {
      if (one == other || history.people[one].site != site) continue;
      if (history.people[other].site != site && !stage.mix.federated) continue;
      const auto caller = stage.at_a_browser(one);
      co_await service::ask_for_connection(backend, caller, stage.name_of(other));
    }
  }
}

awaitable<void> add_talk(Stage& stage, std::size_t site, std::size_t number) {
  auto& history = stage.history;
  Talk talk{.site = site,
            .id = {stage.sites[site]->domain, {}},
            .name = std::string{"talk "} + "abc"[site] + std::to_string(number + 1)};
  wire::NewConversation wanted;
  std::optional<std::size_t> creator;
  for (std::size_t person = 0; person < history.people.size(); ++person) {
    const bool here = history.people[person].site == site;
    if (!here && !stage.mix.federated) continue;
    if (here && !creator) creator = person;
    // The second conversation begins with two.
    const bool is_in = number == 0 || (here && talk.members.size() < 2) || person == creator;
    talk.members[person].holds = is_in;
    if (is_in && person != creator) wanted.users.push_back(stage.name_of(person));
  }
  std::sort(wanted.users.begin(), wanted.users.end());
  const auto caller = stage.at_a_browser(*creator);
  const auto created =
      co_await service::create_conversation(stage.sites[site]->nodes[0]->backend(), caller, wanted);
  if (!created) {
    history.violated("set-up", "a conversation was refused");
    co_return;
  }
  talk.creator = *creator;
  talk.id = created->conversation.id;
  history.talks.push_back(std::move(talk));
}

}  // namespace

awaitable<void> set_up(Stage& stage) {
  for (std::size_t site = 0; site < stage.sites.size(); ++site) {
    co_await add_people(stage, site);
  }
  for (std::size_t site = 0; site < stage.sites.size(); ++site) co_await introduce(stage, site);
  for (std::size_t site = 0; site < stage.sites.size(); ++site) {
    for (std::size_t talk = 0; talk < stage.mix.talks; ++talk) co_await add_talk(stage, site, talk);
  }
}

}  // namespace twostep::properties
