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
    {"alice", "ann", "amy", "alma", "axel"},
    {"bob", "ben", "bea", "britta", "boris"},
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

/// Whether these two do not know each other at first: the last of each backend, and everybody elsewhere.
bool are_strangers(const Stage& stage, std::size_t one, std::size_t other) {
  const auto is_last = [&](std::size_t person) {
    return person + 1 == stage.history.people.size() ||
           stage.history.people[person + 1].site != stage.history.people[person].site;
  };
  return stage.mix.strangers &&
         stage.history.people[one].site != stage.history.people[other].site &&
         (is_last(one) || is_last(other));
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
  if (stage.start.plant == Plant::nobody_is_connected) co_return;
  for (std::size_t one = 0; one < history.people.size(); ++one) {
    for (std::size_t other = 0; other < history.people.size(); ++other) {
      if (one == other || history.people[one].site != site) continue;
      if (history.people[other].site != site && !stage.mix.federated) continue;
      if (are_strangers(stage, one, other)) continue;
      const auto caller = stage.at_a_browser(one);
      co_await service::ask_for_connection(backend, caller, stage.name_of(other));
    }
  }
}

/// A conversation that there may be, and what is asked for.
struct Plan {
  Talk talk;
  wire::NewConversation wanted;
};

Plan plan_talk(const Stage& stage, std::size_t creator, std::vector<std::size_t> others) {
  const auto site = stage.history.people[creator].site;
  std::size_t number = 1;
  for (const auto& talk : stage.history.talks) number += talk.site == site ? 1 : 0;
  Plan plan{.talk = {.site = site,
                     .id = {stage.sites[site]->domain, {}},
                     .creator = creator,
                     .name = std::string{"talk "} + "abc"[site] + std::to_string(number)},
            .wanted = {}};
  for (std::size_t person = 0; person < stage.history.people.size(); ++person)
    if (stage.history.people[person].site == site || stage.mix.federated)
      plan.talk.members[person].holds = person == creator;
  for (const auto person : others) {
    plan.talk.members[person].holds = true;
    plan.wanted.users.push_back(stage.name_of(person));
  }
  std::sort(plan.wanted.users.begin(), plan.wanted.users.end());
  return plan;
}

awaitable<void> add_talk(Stage& stage, std::size_t site, bool of_all) {
  auto& history = stage.history;
  std::size_t creator = 0;
  while (history.people[creator].site != site) ++creator;
  std::vector<std::size_t> others;
  for (std::size_t person = 0; person < history.people.size(); ++person) {
    const bool here = history.people[person].site == site;
    if (person == creator || (!here && !stage.mix.federated)) continue;
    // The second conversation begins with two.
    const bool is_in = of_all ? !are_strangers(stage, creator, person) : here && others.empty();
    if (is_in) others.push_back(person);
  }
  auto plan = plan_talk(stage, creator, others);
  const auto caller = stage.at_a_browser(creator);
  const auto created = co_await service::create_conversation(stage.sites[site]->nodes[0]->backend(),
                                                             caller, plan.wanted);
  history.judge(Rule::set_up, created.has_value(), [] { return "a conversation was refused"; });
  if (!created) co_return;
  plan.talk.id = created->conversation.id;
  history.talks.push_back(std::move(plan.talk));
}

}  // namespace

awaitable<void> set_up(Stage& stage) {
  for (std::size_t site = 0; site < stage.sites.size(); ++site) {
    co_await add_people(stage, site);
  }
  for (std::size_t site = 0; site < stage.sites.size(); ++site) co_await introduce(stage, site);
  for (std::size_t site = 0; site < stage.sites.size(); ++site) {
    for (std::size_t talk = 0; talk < stage.mix.talks; ++talk)
      co_await add_talk(stage, site, talk == 0);
  }
}

awaitable<void> add_talk_later(Stage& stage, std::size_t creator, std::size_t node,
                               Choices& choices) {
  constexpr std::size_t talks_max = 12;
  if (stage.history.talks.size() >= talks_max) co_return;
  const auto site = stage.history.people[creator].site;
  std::vector<std::size_t> others;
  for (std::size_t person = 0; person < stage.history.people.size(); ++person) {
    const bool possible = stage.history.people[person].site == site || stage.mix.federated;
    if (person != creator && possible && choices.chance(500)) others.push_back(person);
  }
  auto plan = plan_talk(stage, creator, others);
  const std::function<awaitable<Result<ConversationView>>(service::Backend&)> ask =
      [caller = stage.at_a_browser(creator), wanted = plan.wanted](service::Backend& backend) {
        return service::create_conversation(backend, caller, wanted);
      };
  const auto answer = co_await stage.call(*stage.sites[site], node, ask);
  const auto& name = stage.history.people[creator].name;
  if (!answer || !*answer) {
    if (answer && answer->error().fault) stage.coverage.saw(Situation::talk_refused_for_a_peer);
    stage.tell(name, answer ? "is refused a conversation" : "is told nothing of a conversation");
    co_return;
  }
  stage.coverage.saw(Situation::talk_created);
  stage.tell(name, "has created " + plan.talk.name);
  plan.talk.id = (*answer)->conversation.id;
  stage.history.talks.push_back(std::move(plan.talk));
}

}  // namespace twostep::properties
