#include <algorithm>
#include <map>
#include <set>

#include "impl/store/push_tokens.hpp"
#include "property-tests/campaign/judge.hpp"

namespace twostep::properties {
namespace {

/// Token and id of the notification.
using Told = std::set<std::pair<std::string, std::string>>;

/// Of every notice, whether it was to be given. What was told, and to whom.
Told judge_notices(Stage& stage, const Inboxes& inboxes) {
  auto& history = stage.history;
  std::map<std::string, std::pair<std::size_t, const Kept*>> kept_by_id;
  for (std::size_t person = 0; person < inboxes.size(); ++person)
    for (const auto& kept : inboxes[person]) kept_by_id[kept.id.text()] = {person, &kept};
  Told told;
  for (const auto& site : stage.sites) {
    for (const auto& notice : site->notices.all) {
      const auto about = [&] { return notice.token + ", " + notice.id.text(); };
      const auto found = kept_by_id.find(notice.id.text());
      history.judge(Rule::push_names_what_is_stored, found != kept_by_id.end(), about);
      if (found == kept_by_id.end()) continue;
      const auto& [person, kept] = found->second;
      history.judge(
          Rule::push_for_recipients_only,
          history.people[person].id == notice.user && kept->is_for(notice.client) && kept->message,
          about);
      if (kept->message)
        history.judge(Rule::push_not_unwanted, history.messages[kept->message->message].native_push,
                      about);
      history.judge(Rule::push_once, told.emplace(notice.token, notice.id.text()).second, about);
    }
  }
  return told;
}

/// A node knows of its own sockets, so this is judged where there is one node.
void judge_listeners(Stage& stage, const Inboxes& inboxes, const Told& told) {
  for (const auto& device : stage.history.devices) {
    for (const auto& kept : inboxes[device.person]) {
      if (!kept.message || kept.targets != std::vector{device.client}) continue;
      const auto& message = stage.history.messages[kept.message->message];
      for (const auto& log : device.sockets) {
        const bool heard = std::any_of(log.frames.begin(), log.frames.end(),
                                       [&](const Seen& frame) { return frame.id == kept.id; });
        const bool listening = heard && log.opened && *log.opened < message.began &&
                               (!log.closed || message.ended < *log.closed);
        if (listening)
          stage.history.judge(Rule::push_not_beside_socket,
                              !told.contains({token_of(device), kept.id.text()}),
                              [&] { return device.name; });
      }
    }
  }
}

/// Who had a token and no socket while a message was sent is pushed to, unless something went wrong at its
/// backend since: then the inbox is the promise.
void judge_offline(Stage& stage, const Inboxes& inboxes, const Told& told) {
  const auto& history = stage.history;
  for (const auto& device : history.devices) {
    const auto& person = stage.person_of(device);
    const bool has_died = stage.sites[person.site]->notices.dead_at.contains(token_of(device));
    if (!device.token.holds || !device.token.certain() || has_died) continue;
    for (const auto& kept : inboxes[device.person]) {
      if (!kept.message || kept.targets != std::vector{device.client}) continue;
      const auto& message = history.messages[kept.message->message];
      const bool wanted = message.native_push && message.outcome == Outcome::delivered &&
                          !message.failed.contains({person.id, device.client});
      if (!wanted || message.mishaps[person.site] != stage.sites[person.site]->mishaps()) continue;
      if (device.token_changed >= message.began_at) continue;
      const bool offline =
          std::all_of(device.sockets.begin(), device.sockets.end(), [&](const SocketLog& log) {
            return log.asked > message.ended || (log.left && *log.left < message.began);
          });
      if (offline)
        stage.history.judge(Rule::push_is_made, told.contains({token_of(device), kept.id.text()}),
                            [&] { return device.name + ": " + kept.id.text(); });
    }
  }
}

/// What the gateway declared dead is gone, and its client knows, unless the store refused, or the device has
/// registered it again.
void judge_dead_tokens(Stage& stage, const Inboxes& inboxes) {
  for (const auto& device : stage.history.devices) {
    const auto& user = stage.person_of(device).id;
    auto& site = *stage.sites[stage.person_of(device).site];
    const auto died = site.notices.dead_at.find(token_of(device));
    if (!device.token.holds || !device.token.certain()) continue;
    if (died == site.notices.dead_at.end() || device.token_changed >= died->second.when ||
        site.refusals() != died->second.refusals)
      continue;
    bool there = false;
    auto look = site.database.committed().read([&](const store::Reader& reader) {
      for (const auto& token : store::push_tokens(reader, user))
        there = there || token.token == token_of(device);
    });
    site.database.at_once()(std::move(look)).value();
    const auto& inbox = inboxes[device.person];
    const bool told = std::any_of(inbox.begin(), inbox.end(), [&](const Kept& kept) {
      return kept.dead_token == token_of(device) && kept.is_for(device.client);
    });
    stage.history.judge(Rule::dead_token_is_removed, !there && told, [&] { return device.name; });
    stage.coverage.saw(Situation::token_removed);
  }
}

}  // namespace

void judge_pushes(Stage& stage, const Inboxes& inboxes) {
  const auto told = judge_notices(stage, inboxes);
  if (stage.mix.nodes == 1) judge_listeners(stage, inboxes, told);
  judge_offline(stage, inboxes, told);
  judge_dead_tokens(stage, inboxes);
}

}  // namespace twostep::properties
