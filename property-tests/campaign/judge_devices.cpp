#include <algorithm>
#include <limits>
#include <map>
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
/// be missing where it followed a socket.
void judge_walk(Stage& stage, const Device& device, const View& view) {
  auto next = view.begin();
  for (const auto& seen : device.walked) {
    while (next != view.end() && (*next)->id != seen.id && (*next)->origin == device.connection)
      ++next;
    if (next == view.end() || (*next)->id != seen.id) {
      const bool exists = std::any_of(view.begin(), view.end(),
                                      [&](const Kept* kept) { return kept->id == seen.id; });
      if (!exists) {
        stage.history.violated("CUP-22: what was seen once stays",
                               device.name + ": " + seen.id.text());
      } else {
        stage.history.violated("CUP-21: whoever follows the pointer skips nothing",
                               device.name + " was not told of " +
                                   (next == view.end() ? "the end" : named(stage, **next)));
      }
      return;
    }
    if ((*next)->event != seen.event)
      stage.history.violated("DLV-02: a notification is the same wherever it is seen", device.name);
    ++next;
  }
  while (next != view.end() && (*next)->origin == device.connection) ++next;
  if (next != view.end())
    stage.history.violated("healed: everybody gets everything",
                           device.name + " was not told of " + named(stage, **next));
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
  for (const auto& finished : device.finished) {
    if (earliest[place_after(finished.pointer)] < finished.asked)
      stage.history.violated("SND-02: a catch-up after the acknowledgement has the message",
                             device.name);
  }
  for (const auto& pointer : device.more_after)
    if (place_after(pointer) == view.size())
      stage.history.violated("CUP-07: there is more only if there is", device.name);
}

void judge_socket(Stage& stage, const Device& device, const SocketLog& log, const View& view) {
  const auto wrong = [&](const char* property, const std::string& what) {
    stage.history.violated(property, device.name + ": " + what);
  };
  const auto first_owed = std::find_if(view.begin(), view.end(), [&](const Kept* kept) {
    return log.opened && begun(stage, *kept) > *log.opened;
  });
  if (log.frames.empty()) {
    if (!log.closed && log.opened && first_owed != view.end())
      wrong("DLV-01: an open socket tells of everything", named(stage, **first_owed));
    return;
  }
  auto next = std::find_if(view.begin(), view.end(),
                           [&](const Kept* kept) { return kept->id == log.frames.front().id; });
  if (next == view.end()) {
    wrong("DLV-03: a socket tells of what is in the inbox", log.frames.front().id.text());
    return;
  }
  if (first_owed < next)
    wrong("DLV-01: an open socket tells of everything", named(stage, **first_owed));
  if (acknowledged(stage, **next) < log.asked)
    wrong("DLV-10: a socket begins with what is stored after it was opened", named(stage, **next));
  for (const auto& frame : log.frames) {
    if (next == view.end() || (*next)->id != frame.id) {
      wrong("DLV-08: frames come in order, each once, and without a gap", frame.id.text());
      return;
    }
    if ((*next)->event != frame.event)
      wrong("DLV-02: a notification is the same wherever it is seen", frame.id.text());
    ++next;
  }
  if (!log.closed && next != view.end())
    wrong("DLV-01: an open socket tells of everything", named(stage, **next));
}

}  // namespace

void judge_walks(Stage& stage, const Inboxes& inboxes) {
  for (const auto& device : stage.history.devices) {
    const auto view = view_of(inboxes[device.person], device.client);
    judge_walk(stage, device, view);
    judge_ends(stage, device, view);
  }
}

void judge_sockets(Stage& stage, const Inboxes& inboxes) {
  for (const auto& device : stage.history.devices) {
    auto view = view_of(inboxes[device.person], device.client);
    std::erase_if(view, [&](const Kept* kept) { return kept->origin == device.connection; });
    for (const auto& log : device.sockets) judge_socket(stage, device, log, view);
  }
}

void judge_pushes(Stage& stage, const Inboxes& inboxes) {
  std::map<std::string, std::pair<std::size_t, const Kept*>> kept_by_id;
  for (std::size_t person = 0; person < inboxes.size(); ++person)
    for (const auto& kept : inboxes[person]) kept_by_id[kept.id.text()] = {person, &kept};
  std::set<std::pair<std::string, std::string>> told;
  for (const auto& site : stage.sites) {
    for (const auto& notice : site->notices.all) {
      const auto about = notice.token + ", " + notice.id.text();
      const auto found = kept_by_id.find(notice.id.text());
      if (found == kept_by_id.end()) {
        stage.history.violated("DLV-18: a push names what is in the inbox", about);
        continue;
      }
      const auto& [person, kept] = found->second;
      if (stage.history.people[person].id != notice.user || !kept->is_for(notice.client) ||
          !kept->message)
        stage.history.violated("DLV-20: only recipients are pushed to", about);
      if (kept->message && !stage.history.messages[kept->message->message].native_push)
        stage.history.violated("DLV-17: a message that is not to be pushed is not", about);
      if (!told.emplace(notice.token, notice.id.text()).second)
        stage.history.violated("DLV-18: a notice is given once", about);
    }
  }
  if (stage.mix.nodes > 1) return;  // A node knows of its own sockets only.
  for (const auto& device : stage.history.devices) {
    for (const auto& log : device.sockets) {
      for (const auto& frame : log.frames) {
        const auto found = kept_by_id.find(frame.id.text());
        if (found == kept_by_id.end() || !found->second.second->message) continue;
        const auto& message = stage.history.messages[found->second.second->message->message];
        const bool listening = log.opened && *log.opened < message.began &&
                               (!log.closed || message.ended < *log.closed);
        if (listening && told.contains({"token of " + device.name, frame.id.text()}))
          stage.history.violated("DLV-19: whoever hears of it on a socket is not pushed to",
                                 device.name);
      }
    }
  }
}

}  // namespace twostep::properties
