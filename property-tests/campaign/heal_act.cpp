#include "impl/store/clients.hpp"
#include "impl/store/conversations.hpp"
#include "property-tests/campaign/acts.hpp"

namespace twostep::properties {
namespace {

using boost::asio::awaitable;

/// What is so now. Nothing is changing any more, so nobody need guess.
void settle_facts(Stage& stage) {
  for (std::size_t site = 0; site < stage.sites.size(); ++site) {
    auto& database = stage.sites[site]->database;
    auto look = database.committed().read([&](const store::Reader& reader) {
      const auto settle = [](Fact& fact, bool holds) {
        const bool as_known = !fact.certain() || fact.holds == holds;
        fact = {.holds = holds, .version = fact.version};
        return as_known;
      };
      for (auto& device : stage.history.devices) {
        const auto& person = stage.person_of(device);
        if (person.site != site) continue;
        const bool registered = store::has_client(reader, person.id, device.client);
        stage.history.judge(Rule::client_change_lasts, settle(device.registered, registered),
                            [&] { return device.name; });
      }
      for (auto& talk : stage.history.talks) {
        if (talk.site != site) continue;
        for (auto& [member, fact] : talk.members) {
          const bool is_member = store::is_member(reader, talk.id, stage.name_of(member));
          stage.history.judge(Rule::member_change_lasts, settle(fact, is_member), [&] {
            return talk.name + " and " + stage.history.people[member].name;
          });
        }
        const auto found = store::find_conversation(reader, talk.id);
        if (talk.renaming.certain() && talk.renaming.holds)
          stage.history.judge(Rule::name_change_lasts, found && found->name == talk.title,
                              [&] { return talk.name; });
      }
    });
    database.at_once()(std::move(look)).value();
  }
}

}  // namespace

awaitable<void> heal_and_catch_up(Stage& stage) {
  settle_facts(stage);
  stage.tell("everybody", "from here on nothing fails");
  auto plainest = Choices::repeating({});
  for (std::size_t talk = 0; talk < stage.history.talks.size(); ++talk) {
    const auto creator = stage.history.talks[talk].creator;
    std::size_t device = 0;
    while (stage.history.devices[device].person != creator) ++device;
    co_await send(stage, device, talk, 0, plainest);
    const auto& message = stage.history.messages.back();
    stage.history.judge(Rule::healed_send,
                        message.outcome == Outcome::delivered && message.failed.empty(),
                        [&] { return stage.history.talks[talk].name; });
  }
  for (std::size_t device = 0; device < stage.history.devices.size(); ++device) {
    if (stage.history.devices[device].followed) continue;
    stage.history.devices[device].walking = false;
    const bool complete = co_await walk(stage, device, 0, 100, 100'000);
    stage.history.judge(Rule::healed_catch_up, complete,
                        [&] { return stage.history.devices[device].name; });
  }
  stage.coverage.saw(Situation::healed);
}

}  // namespace twostep::properties
