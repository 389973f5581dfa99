// Catching up: the model reads the inbox, this shows it.

#include <charconv>

#include "model/serve/chapters.hpp"

namespace twostep::model::serve {
namespace {

Json message_event(const Server& server, UserId user, const Notification& notification) {
  const auto& runner = server.runner;
  const auto& content = notification.content;
  auto text = base64(runner.octets_of(content.payload));
  if (server.faulty(Fault::ciphertexts_have_no_padding))
    text.erase(std::min(text.find('='), text.size()));
  const auto sender = runner.name_of(content.sender.user);
  Json data = {{"sender", client_text(content.sender.id.value)},
               {"recipient", client_text(notification.client.value_or(ClientId{}).value)},
               {"text", text},
               {"data", base64(runner.octets_of(content.shared))}};
  auto time = moment_of(content.time);
  if (server.faulty(Fault::times_run_backwards))
    time = Moment{std::chrono::milliseconds{4'000'000'000'000 - content.time % 1'000'000'000'000}};
  auto event =
      conversation_event("conversation.otr-message-add", runner.name_of(*content.conversation),
                         sender, time, std::move(data));
  if (server.faulty(Fault::messages_are_from_the_recipient))
    event["from"] = runner.name_of(user).id;
  return event;
}

std::string shown_id(const Server& server, const NotificationId& id) {
  auto text = uuid_of(id);
  if (server.faulty(Fault::ids_claim_to_be_random)) text[14] = '4';
  return text;
}

std::optional<ClientId> viewer(const Call& call) {
  const auto client = call.client_parameter("client");
  if (!client || call.faulty(Fault::pages_show_what_is_for_others)) return std::nullopt;
  return ClientId{*client};
}

std::size_t page_size(const Call& call) {
  constexpr std::size_t least = 100;
  constexpr std::size_t most = 10'000;
  const auto text = call.parameter("size");
  if (!text) return 1000;
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), size);
  const bool is_number = error == std::errc{} && end == text->data() + text->size();
  if (!is_number || size < least || size > most) {
    if (call.faulty(Fault::pages_have_any_size)) return 1000;
    bad_request("size is a number from 100 to 10000");
  }
  return size;
}

NotificationId id_in(const std::string& text) {
  const auto id = notification_id(uuid_in(text));
  if (!id) bad_request("Invalid Notification ID");
  return *id;
}

/// A client that catches up is alive.
void note_activity(Call& call) {
  const auto client = call.client_parameter("client");
  auto& clients = call.account().clients;
  if (!client || !clients.contains(*client) || call.faulty(Fault::activity_is_not_noted)) return;
  clients[*client].last_active = now();
}

}  // namespace

Json json_of(const Server& server, UserId user, const Notification& notification) {
  const auto& content = notification.content;
  const auto event = content.conversation ? message_event(server, user, notification)
                                          : Json::parse(server.runner.octets_of(content.payload));
  return {{"id", shown_id(server, notification.id)}, {"payload", Json::array({event})}};
}

Reply catch_up_page(Call& call) {
  const auto& server = call.server;
  const auto me = call.server.runner.user(call.me());
  CatchUp request{.user = me, .client = viewer(call), .since = {}, .size = page_size(call)};
  if (const auto since = call.parameter("since")) request.since = id_in(*since);
  auto page = catch_up(server.runner.backend(), request);
  if (page.gap) refuse(404, "not-found", "Some notifications not found");
  note_activity(call);
  if (call.faulty(Fault::a_full_page_always_has_more))
    page.has_more = page.notifications.size() == request.size;
  if (call.faulty(Fault::the_first_of_a_later_page_is_lost) && request.since && page.has_more) {
    page.notifications.erase(page.notifications.begin());
  }
  if (call.faulty(Fault::pages_are_newest_first))
    std::reverse(page.notifications.begin(), page.notifications.end());
  Json notifications = Json::array();
  for (const auto& notification : page.notifications)
    notifications.push_back(json_of(server, me, notification));
  const Json body = {{"notifications", notifications},
                     {"has_more", page.has_more},
                     {"time", whole_time_text(now())}};
  return json_reply(200, body);
}

Reply last_notification(Call& call) {
  const auto me = call.server.runner.user(call.me());
  const auto client = call.faulty(Fault::the_newest_is_anybodys) ? std::nullopt : viewer(call);
  const auto found = last(call.server.runner.backend(), me, client);
  if (!found) refuse(404, "not-found", "Some notifications not found");
  return json_reply(200, json_of(call.server, me, *found));
}

Reply one_notification(Call& call) {
  const auto me = call.server.runner.user(call.me());
  const auto client = call.faulty(Fault::any_client_reads_by_id) ? std::nullopt : viewer(call);
  const auto found = find(call.server.runner.backend(), me, client, id_in(call.captures.at("id")));
  if (!found) refuse(404, "not-found", "Some notifications not found");
  return json_reply(200, json_of(call.server, me, *found));
}

Reply server_time(Call&) { return json_reply(200, {{"time", whole_time_text(now())}}); }

}  // namespace twostep::model::serve
