// What is seen of the simulated world, in the words that the model has for it.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "impl/store/inbox.hpp"
#include "model/flat.hpp"
#include "model/worlds/names.hpp"
#include "property-tests/oracle/actual.hpp"

namespace twostep::properties::oracle {
namespace {

using Json = nlohmann::json;

model::Verdict verdict_of(Reason reason) {
  switch (reason) {
    case Reason::no_conversation:
      return model::Verdict::no_conversation;
    case Reason::unknown_client:
      return model::Verdict::unknown_client;
    default:
      return model::Verdict::store_failed;
  }
}

}  // namespace

void Actual::read_inboxes() {
  for (std::size_t person = 0; person < rows_.size(); ++person) {
    auto& rows = rows_[person];
    auto& database = site(cast_.people[person].user.home.value).database;
    std::optional<TimeUuid> newest;
    if (!rows.empty()) newest = rows.back().id;
    auto look = database.committed().read([&](const store::Reader& reader) {
      store::visit_after(reader, users_[person], newest, TimeUuid::earliest,
                         [&](const store::NotificationView& view) {
                           Row row{view.id, std::string{view.event}, {}};
                           for (const auto target : view.clients())
                             row.content.who += device_name(person, target.text());
                           row.content.event = event_text(row.event, person);
                           rows.push_back(std::move(row));
                           return true;
                         });
    });
    database.at_once()(std::move(look)).value();
  }
}

Fate Actual::fate_of(const Domain& from, const service::PeerCall& call) {
  std::optional<model::Call::Kind> kind;
  if (call.rpc == "get-user-clients") kind = model::Call::Kind::ask;
  if (call.rpc == "on-message-sent") kind = model::Call::Kind::tell;
  if (call.rpc == "send-message") kind = model::Call::Kind::forward;
  if (!kind) return Fate::arrives;
  const auto caller = site_named(from);
  const auto callee = site_named(call.to);
  calls_.push_back(call_line(model::name(caller), model::name(callee), oracle::text_of(*kind)));
  if (!mishap_ || mishap_->from != caller || mishap_->to != callee || mishap_->kind != *kind)
    return Fate::arrives;
  return mishap_->is_answer ? Fate::reply_lost : Fate::request_lost;
}

void Actual::look_at_inboxes(Seen& seen) {
  for (std::size_t person = 0; person < rows_.size(); ++person)
    for (auto& place = shown_rows_[person]; place < rows_[person].size(); ++place)
      seen.push_back(stored_line(oracle::place_of(cast_.people[person].name, place),
                                 rows_[person][place].content));
}

void Actual::look_at_sockets(Seen& seen) {
  for (std::size_t device = 0; device < cast_.devices.size(); ++device) {
    Seen passing;
    for (const auto& [owner, socket] : sockets_)
      if (owner == device) look_at_socket(device, *socket, seen, passing);
    seen.insert(seen.end(), passing.begin(), passing.end());
  }
}

void Actual::look_at_socket(std::size_t device, Socket& socket, Seen& frames, Seen& passing) const {
  const auto& [person, client, registered, name] = cast_.devices[device];
  for (const auto& text : std::exchange(socket.frames, {})) {
    const auto frame = Json::parse(text);
    Content content{{}, event_text(frame.at("payload").at(0).dump(), person)};
    if (frame.at("transient").get<bool>()) {
      passing.push_back(passing_line(name, content.event));
      continue;
    }
    const auto id = TimeUuid::parse(frame.at("id").get<std::string>()).value();
    const auto row = std::find_if(rows_[person].begin(), rows_[person].end(),
                                  [&](const Row& each) { return each.id == id; });
    if (row != rows_[person].end()) content.who = row->content.who;
    frames.push_back(frame_line(name, place_of(person, id), content));
  }
}

void Actual::look_at_pushes(Seen& seen) {
  Seen pushes;
  for (std::size_t number = 0; number < sites_.size(); ++number) {
    const auto& notices = site(number).notices.all;
    for (auto& shown = shown_pushes_[number]; shown < notices.size(); ++shown) {
      const auto& notice = notices[shown];
      const auto user = std::find(users_.begin(), users_.end(), notice.user);
      const auto person = static_cast<std::size_t>(user - users_.begin());
      const auto device = device_name(person, notice.client.text());
      pushes.push_back(push_line(device, place_of(person, notice.id)));
    }
  }
  std::sort(pushes.begin(), pushes.end());
  seen.insert(seen.end(), pushes.begin(), pushes.end());
}

void Actual::look_at_ends(Seen& seen) {
  for (std::size_t device = 0; device < cast_.devices.size(); ++device)
    for (const auto& [owner, socket] : sockets_)
      if (owner == device && socket->closed && !socket->hung_up)
        seen.push_back(closed_line(cast_.devices[device].name));
  std::erase_if(sockets_, [](const auto& each) { return each.second->closed; });
}

model::Outcome Actual::outcome_of(const Result<Sent>& answer) const {
  model::Outcome outcome;
  if (!answer) {
    outcome.verdict = verdict_of(answer.error().reason);
    if (const auto& fault = answer.error().fault) {
      outcome.verdict = model::Verdict::peer_failed;
      outcome.failed_peer = site_named(fault->domains.front());
    }
    return outcome;
  }
  outcome.verdict = answer->delivered ? model::Verdict::accepted : model::Verdict::clients_missing;
  outcome.status.missing = names_of(answer->status.missing);
  outcome.status.redundant = names_of(answer->status.redundant);
  outcome.status.deleted = names_of(answer->status.deleted);
  outcome.status.failed_to_send = names_of(answer->status.failed_to_send);
  return outcome;
}

std::vector<model::Client> Actual::names_of(const Clients& clients) const {
  std::vector<model::Client> names;
  for (const auto& [domain, users] : clients)
    for (const auto& [user, ids] : users)
      for (const auto& id : ids)
        for (std::size_t device = 0; device < clients_.size(); ++device)
          if (clients_[device] == id &&
              name_of(cast_.devices[device].person) == QualifiedUser{domain, user})
            model::insert(names, cast_.devices[device].client);
  return names;
}

std::string Actual::page_text(std::size_t person, const std::string& body) const {
  const auto page = Json::parse(body);
  std::vector<std::string> names;
  for (const auto& notification : page.at("notifications")) {
    const auto id = TimeUuid::parse(notification.at("id").get<std::string>()).value();
    const auto row = std::find_if(rows_[person].begin(), rows_[person].end(),
                                  [&](const Row& each) { return each.id == id; });
    const bool same = row != rows_[person].end() && notification.at("payload").size() == 1 &&
                      notification.at("payload").at(0) == Json::parse(row->event);
    names.push_back(place_of(person, id) + (same ? "" : " (not as it is stored)"));
  }
  if (plant_ == Plant::page_without_its_last && names.size() > 1) names.pop_back();
  return page_line(names, page.at("has_more").get<bool>());
}

std::string Actual::event_text(const std::string& text, std::size_t person) const {
  const auto event = Json::parse(text);
  const auto type = event.at("type").get<std::string>();
  if (type.starts_with("user.client-"))
    return type + ' ' + device_name(person, event.at("client").at("id").get<std::string>());
  if (!type.starts_with("conversation.") || type == "conversation.create") return type;

  std::string talk = "a talk of nobody";
  for (std::size_t i = 0; i < talks_.size(); ++i) {
    const auto& named = event.at("qualified_conversation");
    if (named.at("id") == talks_[i].id.text() && named.at("domain") == talks_[i].domain.text())
      talk = cast_.talks[i].name;
  }
  const auto& data = event.at("data");
  if (type != "conversation.otr-message-add") {
    std::string who;
    for (const auto& user : data.value("user_ids", Json::array()))
      who += ' ' + person_name(user.get<std::string>());
    return type + who + " in " + talk;
  }
  const auto known = [&](const char* field) {
    const auto found = texts_.find(data.at(field).get<std::string>());
    return found != texts_.end() ? found->second : std::string{};
  };
  const auto from = event.at("from").get<std::string>();
  for (std::size_t sender = 0; sender < users_.size(); ++sender)
    if (users_[sender].text() == from)
      return message_event(known("text"), known("data"),
                           device_name(sender, data.at("sender").get<std::string>()), talk);
  return "a message from nobody";
}

model::BackendId Actual::site_named(const Domain& domain) const {
  std::uint16_t number = 0;
  while (sites_[number]->domain != domain) ++number;
  return {number};
}

std::string Actual::device_name(std::size_t person, const std::string& client) const {
  for (std::size_t device = 0; device < clients_.size(); ++device)
    if (cast_.devices[device].person == person && clients_[device].text() == client)
      return cast_.devices[device].name;
  return "an unknown client";
}

std::string Actual::person_name(const std::string& user) const {
  for (std::size_t person = 0; person < users_.size(); ++person)
    if (users_[person].text() == user) return cast_.people[person].name;
  return "somebody";
}

std::string Actual::place_of(std::size_t person, const TimeUuid& id) const {
  const auto& rows = rows_[person];
  const auto row =
      std::find_if(rows.begin(), rows.end(), [&](const Row& each) { return each.id == id; });
  const auto& name = cast_.people[person].name;
  if (row == rows.end()) return name + "'s unknown";
  return oracle::place_of(name, static_cast<std::size_t>(row - rows.begin()));
}

}  // namespace twostep::properties::oracle
