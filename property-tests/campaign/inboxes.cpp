#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "impl/store/inbox.hpp"
#include "impl/store/push_tokens.hpp"
#include "property-tests/campaign/judge.hpp"

namespace twostep::properties {
namespace {

using Json = nlohmann::json;

constexpr std::array known_events = {
    "conversation.create", "conversation.member-join", "conversation.member-leave",
    "conversation.rename", "user.client-add",          "user.client-remove",
    "user.connection",     "user.push-remove",
};

/// Whose message this is, if every name in the event fits.
std::optional<TextOwner> owner_of(Stage& stage, std::size_t person, const Kept& kept,
                                  const Json& event) {
  auto& history = stage.history;
  const auto& data = event.at("data");
  const auto about = [&] { return event.dump(); };
  const auto found = history.texts.find(data.at("text").get<std::string>());
  history.judge(Rule::nothing_invented, found != history.texts.end(), about);
  if (found == history.texts.end()) return std::nullopt;
  const auto owner = found->second;
  const auto& message = history.messages[owner.message];
  const auto& device = history.devices[message.addressees[owner.addressee].device];
  const auto& sender = history.devices[message.sender];
  const auto& talk = history.talks[message.talk];
  history.judge(Rule::for_one_client,
                device.person == person && kept.targets == std::vector{device.client}, about);
  const bool local =
      talk.site == stage.person_of(sender).site && talk.site == history.people[person].site;
  const bool right = event.at("conversation") == talk.id.id.text() &&
                     event.at("from") == stage.person_of(sender).id.text() &&
                     data.at("sender") == sender.client.text() &&
                     data.at("recipient") == device.client.text() &&
                     kept.origin == (local ? sender.connection : ConnectionId{});
  history.judge(Rule::event_is_complete, right, about);
  return owner;
}

Kept read_row(Stage& stage, std::size_t person, const store::NotificationView& row) {
  Kept kept{.id = row.id, .origin = row.origin, .targets = row.clients()};
  try {
    const auto event = Json::parse(row.event);
    kept.event = std::hash<std::string>{}(event.dump());
    const auto type = event.at("type").get<std::string>();
    if (type == "conversation.otr-message-add") {
      kept.time = event.at("time").get<std::string>();
      kept.message = owner_of(stage, person, kept, event);
    } else {
      if (type == "user.push-remove")
        kept.dead_token = event.at("token").at("token").get<std::string>();
      stage.history.judge(
          Rule::nothing_invented,
          std::find(known_events.begin(), known_events.end(), type) != known_events.end(),
          [&] { return type; });
    }
  } catch (const std::exception& error) {
    stage.history.violated(Rule::event_is_complete, error.what());
  }
  return kept;
}

}  // namespace

bool Kept::is_for(ClientId client) const {
  return targets.empty() || std::find(targets.begin(), targets.end(), client) != targets.end();
}

void read_rows(Stage& stage, std::size_t person, Instant before, std::vector<Kept>& into) {
  auto& database = stage.sites[stage.history.people[person].site]->database;
  auto look = database.committed().read([&](const store::Reader& reader) {
    store::visit_after(reader, stage.history.people[person].id, std::nullopt, TimeUuid::earliest,
                       [&](const store::NotificationView& row) {
                         if (row.id.instant() >= before) return false;
                         const bool kept_already = !into.empty() && !(into.back().id < row.id);
                         if (kept_already) return true;
                         into.push_back(read_row(stage, person, row));
                         if (stage.start.plant == Plant::row_twice) into.push_back(into.back());
                         return true;
                       });
  });
  database.at_once()(std::move(look)).value();
}

Inboxes read_inboxes(Stage& stage) {
  auto inboxes = stage.swept;
  inboxes.resize(stage.history.people.size());
  for (std::size_t person = 0; person < inboxes.size(); ++person)
    read_rows(stage, person, Instant::max(), inboxes[person]);
  return inboxes;
}

}  // namespace twostep::properties
