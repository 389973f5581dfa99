#include <algorithm>
#include <limits>
#include <set>

#include "property-tests/campaign/judge.hpp"

namespace twostep::properties {
namespace {

using View = std::vector<const Kept*>;  ///< What one client is to see of an inbox, in order.

View view_of(const std::vector<Kept>& inbox, ClientId client) {
  View view;
  for (const auto& kept : inbox)
    if (kept.is_for(client)) view.push_back(&kept);
  return view;
}

/// When its message was acknowledged, or never, as far as its sender knows.
Moment acknowledged(const Stage& stage, const Kept& kept) {
  constexpr auto never = std::numeric_limits<Moment>::max();
  if (!kept.message) return never;
  const auto& message = stage.history.messages[kept.message->message];
  const auto& device = stage.history.devices[message.addressees[kept.message->addressee].device];
  const bool told = !message.failed.contains({stage.person_of(device).id, device.client});
  return message.outcome == Outcome::delivered && told ? message.ended : never;
}

Moment begun(const Stage& stage, const Kept& kept) {
  return kept.message ? stage.history.messages[kept.message->message].began : 0;
}

std::string named(const Stage& stage, const Kept& kept) {
  return kept.id.text() +
         (kept.message
              ? " (message " +
                    std::to_string(stage.history.messages[kept.message->message].number) + ")"
              : "");
}

/// Compares what a device took in, one by one, with what it was to see. What its own connection caused may
/// be missing where it followed a socket, and what had expired where its pointer was new.
void judge_walk(Stage& stage, const Device& device, const std::vector<Kept>& inbox,
                const View& view) {
  auto& history = stage.history;
  const auto may_be_missing = [&](const Kept& kept, const std::optional<Instant>& gap) {
    return kept.origin == device.connection || (gap && kept.id.instant() < *gap);
  };
  auto next = view.begin();
  for (const auto& seen : device.walked) {
    while (next != view.end() && (*next)->id != seen.id && may_be_missing(**next, seen.after_gap)) {
      if ((*next)->origin != device.connection) stage.coverage.saw(Situation::expired_unread);
      ++next;
    }
    const auto is_it = [&](const Kept& kept) { return kept.id == seen.id; };
    const bool is_next = next != view.end() && is_it(**next);
    const bool is_mine =
        is_next || std::any_of(view.begin(), view.end(), [&](auto* kept) { return is_it(*kept); });
    const bool is_there = is_mine || std::any_of(inbox.begin(), inbox.end(), is_it);
    history.judge(Rule::page_has_own_only, is_mine || !is_there, [&] { return device.name; });
    history.judge(Rule::seen_stays, is_there && (!is_next || (*next)->event == seen.event),
                  [&] { return device.name + ": " + seen.id.text(); });
    history.judge(Rule::walk_skips_nothing, is_next || !is_mine, [&] {
      return device.name + " was not told of " +
             (next == view.end() ? "the end" : named(stage, **next));
    });
    if (!is_next) return;
    ++next;
  }
  while (next != view.end() && may_be_missing(**next, device.gap)) ++next;
  history.judge(Rule::healed_everything, next == view.end(),
                [&] { return device.name + " was not told of " + named(stage, **next); });
}

/// A catch-up that came to an end knew of everything that was acknowledged before it was asked.
void judge_ends(Stage& stage, const Device& device, const View& view) {
  std::vector<Moment> earliest(view.size() + 1, std::numeric_limits<Moment>::max());
  for (std::size_t i = view.size(); i-- > 0;)
    earliest[i] = std::min(earliest[i + 1], acknowledged(stage, *view[i]));
  const auto place_after = [&](const std::optional<TimeUuid>& pointer) {
    if (!pointer) return std::size_t{0};
    const auto after =
        std::upper_bound(view.begin(), view.end(), *pointer,
                         [](const TimeUuid& id, const Kept* kept) { return id < kept->id; });
    return static_cast<std::size_t>(after - view.begin());
  };
  const auto about = [&] { return device.name; };
  for (const auto& finished : device.finished) {
    const auto kept = std::partition_point(view.begin(), view.end(), [&](const Kept* row) {
      return row->id.instant() < finished.expired;
    });
    const auto place =
        std::max(place_after(finished.pointer), static_cast<std::size_t>(kept - view.begin()));
    stage.history.judge(Rule::catch_up_after_acknowledgement, earliest[place] >= finished.asked,
                        about);
  }
  for (const auto& pointer : device.more_after)
    stage.history.judge(Rule::more_only_if_more, place_after(pointer) < view.size(), about);
}

void judge_socket(Stage& stage, const Device& device, const SocketLog& log, const View& view) {
  auto& history = stage.history;
  const auto about = [&](const Kept& kept) {
    return [&] { return device.name + ": " + named(stage, kept); };
  };
  const auto first_owed = std::find_if(view.begin(), view.end(), [&](const Kept* kept) {
    return log.opened && begun(stage, *kept) > *log.opened;
  });
  auto next = view.begin();
  if (log.frames.empty()) {
    next = first_owed;
  } else {
    const auto& first = log.frames.front().id;
    next = std::find_if(next, view.end(), [&](const Kept* kept) { return kept->id == first; });
    history.judge(Rule::socket_tells_own_only, next != view.end(),
                  [&] { return device.name + ": " + first.text(); });
    if (next == view.end()) return;
    if (first_owed != view.end())
      history.judge(Rule::socket_tells_all, next <= first_owed, about(**first_owed));
    history.judge(Rule::socket_begins_now, acknowledged(stage, **next) >= log.asked, about(**next));
  }
  for (const auto& frame : log.frames) {
    const bool is_next = next != view.end() && (*next)->id == frame.id;
    const auto which = [&] { return device.name + ": " + frame.id.text(); };
    history.judge(Rule::socket_in_order_once, is_next, which);
    if (!is_next) return;
    history.judge(Rule::frame_is_the_notification, (*next)->event == frame.event, which);
    ++next;
  }
  if (!log.closed && log.opened && next != view.end())
    history.judge(Rule::socket_tells_all, false, about(**next));
}

/// Whether this message is to be heard on every socket of the addressee that is open.
bool must_be_heard(const Stage& stage, const Message& message, const Addressee& addressee) {
  const auto& device = stage.history.devices[addressee.device];
  return message.transient && message.outcome == Outcome::delivered && addressee.surely_valid &&
         !message.failed.contains({stage.person_of(device).id, device.client});
}

void judge_transients(Stage& stage, std::size_t number, const SocketLog& log) {
  auto& history = stage.history;
  const auto& device = history.devices[number];
  std::set<std::string> heard;
  for (const auto& frame : log.transients) {
    const auto about = [&] { return device.name + ": " + frame.text; };
    const auto owner = history.texts.find(frame.text);
    bool right = false;
    if (owner != history.texts.end()) {
      const auto& message = history.messages[owner->second.message];
      right = message.transient && message.outcome != Outcome::stopped &&
              message.outcome != Outcome::refused &&
              message.addressees[owner->second.addressee].device == number;
    }
    history.judge(Rule::transient_for_its_client, right, about);
    history.judge(Rule::transient_once, heard.insert(frame.text).second, about);
    stage.coverage.saw(Situation::transient_heard);
  }
  // A slow reader may miss what no store can give it later.
  if (log.closed || !log.opened || log.line->slowness > Ticks{0}) return;
  for (const auto& message : history.messages) {
    if (!message.transient || message.began < *log.opened) continue;
    for (const auto& addressee : message.addressees)
      if (addressee.device == number && must_be_heard(stage, message, addressee))
        history.judge(Rule::transient_arrives, heard.contains(addressee.text),
                      [&] { return device.name + ": " + addressee.text; });
  }
}

}  // namespace

void judge_walks(Stage& stage, const Inboxes& inboxes) {
  for (const auto& device : stage.history.devices) {
    const auto view = view_of(inboxes[device.person], device.client);
    judge_walk(stage, device, inboxes[device.person], view);
    judge_ends(stage, device, view);
  }
}

void judge_sockets(Stage& stage, const Inboxes& inboxes) {
  for (std::size_t number = 0; number < stage.history.devices.size(); ++number) {
    const auto& device = stage.history.devices[number];
    auto view = view_of(inboxes[device.person], device.client);
    std::erase_if(view, [&](const Kept* kept) { return kept->origin == device.connection; });
    for (const auto& log : device.sockets) {
      judge_socket(stage, device, log, view);
      judge_transients(stage, number, log);
    }
  }
}

}  // namespace twostep::properties
