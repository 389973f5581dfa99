#include <algorithm>
#include <set>

#include "impl/wire/json_text.hpp"
#include "property-tests/campaign/judge.hpp"
#include "property-tests/campaign/outcome_matrix.hpp"

namespace twostep::properties {
namespace {

/// How often each addressee of each message was found.
std::vector<std::vector<int>> counts_of(const Stage& stage, const Inboxes& inboxes) {
  std::vector<std::vector<int>> counts;
  for (const auto& message : stage.history.messages)
    counts.emplace_back(message.addressees.size(), 0);
  for (const auto& inbox : inboxes)
    for (const auto& kept : inbox)
      if (kept.message) ++counts[kept.message->message][kept.message->addressee];
  return counts;
}

bool is_stored(const std::vector<int>& found) {
  return std::any_of(found.begin(), found.end(), [](int times) { return times > 0; });
}

/// Of a message that was acknowledged, who got it is known. Without an outcome, and at a backend that is
/// said to have failed, all have it or nobody has. Between backends M1 promises no such thing.
void judge_stored(Stage& stage, const Message& message, const std::vector<int>& found,
                  std::size_t site) {
  auto& history = stage.history;
  const auto is_here = [&](std::size_t i) {
    return stage.person_of(history.devices[message.addressees[i].device]).site == site;
  };
  bool somebody = false;
  for (std::size_t i = 0; i < found.size(); ++i)
    somebody = somebody || (is_here(i) && found[i] > 0);
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!is_here(i)) continue;
    const auto& addressee = message.addressees[i];
    const auto& device = history.devices[addressee.device];
    const std::pair client{stage.person_of(device).id, device.client};
    const bool unknown = message.outcome != Outcome::delivered || message.failed.contains(client);
    const bool left_out = message.left_out.contains(client);
    // Another backend asks for itself whether the recipient is a member by then.
    const bool elsewhere = site != history.talks[message.talk].site;
    // What nobody waited for may have happened later, when much had changed.
    const bool as_it_was = addressee.changes == history.changes_of(message, addressee);
    const bool wanted =
        unknown || elsewhere ? addressee.surely_valid && (!unknown || as_it_was) : !left_out;
    const bool unwanted =
        unknown ? as_it_was && (addressee.surely_redundant || addressee.surely_deleted) : left_out;
    const auto about = [&] {
      return "message " + std::to_string(message.number) + " and " + device.name;
    };
    if (wanted && unknown) {
      history.judge(Rule::all_or_nobody, !somebody || found[i] > 0, about);
    } else if (wanted) {
      history.judge(
          elsewhere ? Rule::acknowledged_is_stored_elsewhere : Rule::acknowledged_is_stored,
          found[i] > 0, about);
    }
    if (unwanted) history.judge(Rule::outsider_gets_nothing, found[i] == 0, about);
  }
}

/// Which rule says that this message is nowhere, if one does.
std::optional<Rule> nowhere(const Message& message) {
  switch (message.outcome) {
    case Outcome::stopped:
      return Rule::stopped_is_nowhere;
    case Outcome::refused:
      if (!message.fault) return Rule::refused_is_nowhere;
      return message.fault->inner.empty() ? Rule::peer_failed_is_nowhere
                                          : Rule::owners_peer_failed_is_nowhere;
    case Outcome::delivered:
    case Outcome::unknown:
    case Outcome::pending:
      break;
  }
  return message.transient ? std::optional{Rule::transient_is_nowhere} : std::nullopt;
}

void judge_times(Stage& stage, const Inboxes& inboxes) {
  for (const auto& inbox : inboxes) {
    for (const auto& kept : inbox) {
      if (!kept.message) continue;
      const auto& message = stage.history.messages[kept.message->message];
      if (message.time)
        stage.history.judge(Rule::same_time_for_all,
                            kept.time == wire::millisecond_time(*message.time),
                            [&] { return "message " + std::to_string(message.number); });
    }
  }
}

}  // namespace

void judge_messages(Stage& stage, const Inboxes& inboxes) {
  const auto counts = counts_of(stage, inboxes);
  for (const auto& message : stage.history.messages) {
    const auto& found = counts[message.number];
    const auto about = [&] { return "message " + std::to_string(message.number); };
    for (const auto times : found) stage.history.judge(Rule::stored_once, times <= 1, about);
    if (const auto rule = nowhere(message)) {
      stage.history.judge(*rule, !is_stored(found), about);
    } else {
      for (std::size_t site = 0; site < stage.sites.size(); ++site)
        judge_stored(stage, message, found, site);
    }
    count_outcome(stage, message, found);
    if (message.again && is_stored(found) && is_stored(counts[*message.again]))
      stage.coverage.saw(Situation::both_tries_stored);
  }
  judge_times(stage, inboxes);
}

void judge_ids(Stage& stage, const Inboxes& inboxes) {
  auto& history = stage.history;
  std::set<std::string> ids;
  for (const auto& inbox : inboxes) {
    Moment latest_begun = 0;
    std::optional<Instant> previous;
    for (const auto& kept : inbox) {
      if (previous == kept.id.instant() - Ticks{1})
        stage.coverage.saw(Situation::id_ahead_of_clock);
      previous = kept.id.instant();
      history.judge(Rule::id_is_new, ids.insert(kept.id.sort_key()).second,
                    [&] { return kept.id.text(); });
      if (!kept.message) continue;
      const auto& message = history.messages[kept.message->message];
      const auto& device = history.devices[message.addressees[kept.message->addressee].device];
      const bool told = !message.failed.contains({stage.person_of(device).id, device.client});
      if (told && message.outcome == Outcome::delivered)
        history.judge(Rule::id_follows_acknowledgement, message.ended >= latest_begun,
                      [&] { return "message " + std::to_string(message.number); });
      latest_begun = std::max(latest_begun, message.began);
    }
  }
}

/// Everybody who was a member all along found what changed.
void judge_changes(Stage& stage, const Inboxes& inboxes) {
  for (const auto& change : stage.history.changes) {
    for (const auto person : change.people) {
      const auto& inbox = inboxes[person];
      const bool told = std::any_of(inbox.begin(), inbox.end(),
                                    [&](const Kept& kept) { return kept.event == change.event; });
      stage.history.judge(Rule::change_is_told, told, [&] {
        return stage.history.people[person].name + " was not told that " + change.about;
      });
    }
  }
}

}  // namespace twostep::properties
