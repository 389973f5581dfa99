#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "impl/store/inbox.hpp"
#include "property-tests/campaign/judge.hpp"

namespace twostep::properties {
namespace {

using Json = nlohmann::json;

constexpr std::array known_events = {
    "conversation.create", "conversation.member-join", "conversation.member-leave",
    "user.client-add",     "user.client-remove",       "user.connection",
    "user.push-remove",
};

/// Whose message this is, if every name in the event fits.
std::optional<TextOwner> owner_of(Stage& stage, std::size_t person, const Kept& kept,
                                  const Json& event) {
  auto& history = stage.history;
  const auto& data = event.at("data");
  const auto found = history.texts.find(data.at("text").get<std::string>());
  if (found == history.texts.end()) {
    history.violated("SND-12: nobody gets what nobody sent", event.dump());
    return std::nullopt;
  }
  const auto owner = found->second;
  const auto& message = history.messages[owner.message];
  const auto& device = history.devices[message.addressees[owner.addressee].device];
  const auto& sender = history.devices[message.sender];
  const auto& talk = history.talks[message.talk];
  const bool mine = device.person == person && kept.targets == std::vector{device.client};
  if (!mine) history.violated("SND-12: each ciphertext is for one client", event.dump());
  const bool local =
      talk.site == stage.person_of(sender).site && talk.site == history.people[person].site;
  const bool right = event.at("conversation") == talk.id.id.text() &&
                     event.at("from") == stage.person_of(sender).id.text() &&
                     data.at("sender") == sender.client.text() &&
                     data.at("recipient") == device.client.text() &&
                     kept.origin == (local ? sender.connection : ConnectionId{});
  if (!right) history.violated("DLV-14: an event names who sent what to whom", event.dump());
  return owner;
}

Kept read_row(Stage& stage, std::size_t person, const store::NotificationView& row) {
  Kept kept{.id = row.id, .origin = row.origin, .targets = row.clients(), .message = {}};
  try {
    const auto event = Json::parse(row.event);
    kept.event = std::hash<std::string>{}(event.dump());
    const auto type = event.at("type").get<std::string>();
    if (type == "conversation.otr-message-add") {
      kept.message = owner_of(stage, person, kept, event);
    } else if (std::find(known_events.begin(), known_events.end(), type) == known_events.end()) {
      stage.history.violated("SND-12: nobody gets what nobody sent", type);
    }
  } catch (const std::exception& error) {
    stage.history.violated("DLV-14: an event is as it has to be", error.what());
  }
  return kept;
}

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

/// Of a message that was acknowledged, who got it is known. Without an outcome, and at a backend that is
/// said to have failed, all have it or nobody has. Between backends M1 promises no such thing.
void judge_stored(Stage& stage, const Message& message, const std::vector<int>& found,
                  std::size_t site) {
  const auto is_here = [&](std::size_t i) {
    return stage.person_of(stage.history.devices[message.addressees[i].device]).site == site;
  };
  bool somebody = false;
  for (std::size_t i = 0; i < found.size(); ++i)
    somebody = somebody || (is_here(i) && found[i] > 0);
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto& addressee = message.addressees[i];
    const auto& device = stage.history.devices[addressee.device];
    const auto user = stage.person_of(device).id;
    const bool unknown =
        message.outcome != Outcome::delivered || message.failed.contains({user, device.client});
    if (!is_here(i) || (unknown && !somebody)) continue;
    const bool left_out = message.left_out.contains({user, device.client});
    const auto about = "message " + std::to_string(message.number) + " and " + device.name;
    // Another backend asks for itself whether the recipient is a member by then.
    const bool elsewhere = site != stage.history.talks[message.talk].site;
    // What nobody waited for may have happened later, when much had changed.
    const bool as_it_was = addressee.changes == stage.history.changes_of(message, addressee);
    const bool surely_valid = addressee.surely_valid && (!unknown || as_it_was);
    const bool wanted = unknown || elsewhere ? surely_valid : !left_out;
    const bool unwanted =
        unknown ? as_it_was && (addressee.surely_redundant || addressee.surely_deleted) : left_out;
    if (wanted && found[i] == 0)
      stage.history.violated(unknown ? "SND-02: a message is stored for all or for nobody"
                                     : "SND-02: what was acknowledged is stored for everybody",
                             about);
    if (unwanted && found[i] > 0)
      stage.history.violated("SND-13: who is no valid recipient gets nothing", about);
  }
}

}  // namespace

bool Kept::is_for(ClientId client) const {
  return targets.empty() || std::find(targets.begin(), targets.end(), client) != targets.end();
}

Inboxes read_inboxes(Stage& stage) {
  Inboxes inboxes(stage.history.people.size());
  for (std::size_t person = 0; person < inboxes.size(); ++person) {
    const auto user = stage.history.people[person].id;
    auto& database = stage.sites[stage.history.people[person].site]->database;
    auto look = database.committed().read([&](const store::Reader& reader) {
      store::visit_after(reader, user, std::nullopt, TimeUuid::earliest,
                         [&](const store::NotificationView& row) {
                           inboxes[person].push_back(read_row(stage, person, row));
                           return true;
                         });
    });
    database.at_once()(std::move(look)).value();
  }
  return inboxes;
}

void judge_messages(Stage& stage, const Inboxes& inboxes) {
  const auto counts = counts_of(stage, inboxes);
  for (const auto& message : stage.history.messages) {
    const auto& found = counts[message.number];
    const auto about = "message " + std::to_string(message.number);
    for (const auto times : found)
      if (times > 1) stage.history.violated("SND-10: nothing is stored twice", about);
    const bool somebody =
        std::any_of(found.begin(), found.end(), [](int times) { return times > 0; });
    switch (message.outcome) {
      case Outcome::stopped:
      case Outcome::refused:
        if (somebody) stage.history.violated("SND-33: what was refused is stored nowhere", about);
        break;
      case Outcome::delivered:
      case Outcome::unknown:
      case Outcome::pending:
        if (message.transient && somebody) {
          stage.history.violated("DLV-16: a transient message is stored nowhere", about);
        } else if (!message.transient) {
          for (std::size_t site = 0; site < stage.sites.size(); ++site)
            judge_stored(stage, message, found, site);
        }
        break;
    }
  }
}

void judge_ids(Stage& stage, const Inboxes& inboxes) {
  std::set<std::string> ids;
  for (const auto& inbox : inboxes) {
    Moment latest_begun = 0;
    std::optional<Instant> previous;
    for (const auto& kept : inbox) {
      if (previous == kept.id.instant() - Ticks{1})
        stage.coverage.saw(Situation::id_ahead_of_clock);
      previous = kept.id.instant();
      if (!ids.insert(kept.id.sort_key()).second)
        stage.history.violated("TID-02: no id is given twice", kept.id.text());
      if (!kept.message) continue;
      const auto& message = stage.history.messages[kept.message->message];
      const auto& device =
          stage.history.devices[message.addressees[kept.message->addressee].device];
      const bool told = !message.failed.contains({stage.person_of(device).id, device.client});
      if (told && message.ended < latest_begun && message.outcome == Outcome::delivered)
        stage.history.violated("TID-04: what is sent after an acknowledgement has the greater id",
                               "message " + std::to_string(message.number));
      latest_begun = std::max(latest_begun, message.began);
    }
  }
}

}  // namespace twostep::properties
