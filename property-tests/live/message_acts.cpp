#include "conformance/support/bytes.hpp"
#include "property-tests/live/author.hpp"

/// Chapter 1: a message in all its forms, to everybody or to the wrong ones.
namespace twostep::live {
namespace {

std::string quoted(const std::string& name) { return '<' + name + '>'; }

struct Recipient {
  std::string user;
  std::string client;
};

/// Those whom a sender would address, but for some; and some who are not meant.
std::vector<Recipient> recipients_of(Author& author, const std::string& chat,
                                     const std::string& sender) {
  auto& draw = author.draw;
  std::vector<Recipient> recipients;
  const bool forgets = draw.one_in(2);
  for (const auto& user : author.members[chat]) {
    for (const auto& client : author.clients[user]) {
      if (client == sender ? !draw.one_in(10) : forgets && draw.one_in(3)) continue;
      recipients.push_back({user, client});
    }
  }
  if (draw.one_in(4)) {
    const auto user = author.somebody();
    recipients.push_back({user, author.client_of(user)});
  }
  if (draw.one_in(8)) recipients.push_back({author.person(), "somebody.9"});
  return recipients;
}

/// What goes over the wire has zeros in it, and a part that names its recipient.
std::string ciphertext(Author& author, const Recipient& to) {
  const std::string zero(author.draw.one_in(4) ? 1 : 0, '\0');
  return author.fresh("text") + zero + " for " + to.client;
}

/// Lists of users for the strategies that name some.
Json some_users(Author& author) {
  auto users = Json::array();
  for (auto n = author.draw.below(3); n > 0; --n) users.push_back(quoted(author.somebody()));
  return users;
}

void put_options(Author& author, Json& message, const char* blob) {
  auto& draw = author.draw;
  if (draw.one_in(5)) message["transient"] = !draw.one_in(4);
  if (draw.one_in(5)) message["native_push"] = draw.one_in(2);
  if (draw.one_in(4)) message[blob] = conformance::to_base64("shared");
  if (draw.one_in(6)) message["native_priority"] = draw.word({"low", "high"});
}

/// The client that sends, and now and then somebody else's.
std::string sender_in(Author& author, const std::string& client) {
  if (!author.draw.one_in(12)) return quoted(client);
  return quoted(author.client_of(author.person()));
}

std::string member_of(Author& author, const std::string& chat) {
  const auto& members = author.members[chat];
  if (members.empty() || author.draw.one_in(12)) return author.person();
  return author.draw.of(std::vector<std::string>(members.begin(), members.end()));
}

Json message_of(Author& author, const std::string& chat, const std::string& client) {
  auto& draw = author.draw;
  Json message = {{"sender", sender_in(author, client)}, {"to", Json::array()}};
  for (const auto& to : recipients_of(author, chat, client))
    message["to"].push_back({quoted(to.user), quoted(to.client), ciphertext(author, to)});
  if (draw.one_in(8) && !message["to"].empty()) {  // Named twice: the last counts (SND-29).
    auto again = message["to"][draw.below(message["to"].size())];
    again[2] = "again";
    if (draw.one_in(2))
      message["to"].push_back({"<nobody>", "<nobody.9>", "for another backend", "c.example"});
    message["to"].push_back(again);
  }
  put_options(author, message, "blob");
  return message;
}

void send(Author& author) {
  const auto chat = author.chat();
  const auto user = member_of(author, chat);
  const auto client = author.client_actor(user);
  auto& draw = author.draw;
  auto message = message_of(author, chat, client);
  message["strategy"] = draw.word(
      {"report_all", "report_all", "ignore_all", "report_only", "ignore_only", "ignore_all"});
  if (draw.one_in(20)) message["strategy"] = "none";
  if (message["strategy"].get<std::string>().ends_with("only"))
    message["users"] = some_users(author);
  if (draw.one_in(20)) message["cut"] = 1 + draw.below(40);
  author.add({.as = client,
              .act = "POST",
              .path = chat_path(chat) + "/proteus/messages",
              .form = "protobuf",
              .body = message});
}

std::string older_path(Author& author, const std::string& chat) {
  auto& draw = author.draw;
  auto path = "/conversations/<" + chat + ">/otr/messages";
  const char* separator = "?";
  for (const auto* parameter : {"ignore_missing", "report_missing"}) {
    if (draw.one_in(2)) continue;
    path += std::string{separator} + parameter + '=';
    separator = "&";
    const auto value = draw.below(5);
    if (value < 2) {
      path += value == 0 ? "true" : "false";
    } else if (value < 4) {
      path += quoted(author.person()) + (value == 2 ? "" : ",<" + author.person() + '>');
    } else {
      path += draw.word({"", ",", "yes", "true,false"});
    }
  }
  return path;
}

void send_in_older_form(Author& author) {
  const auto chat = author.chat();
  const auto user = member_of(author, chat);
  const auto client = author.client_actor(user);
  auto message = message_of(author, chat, client);
  if (author.draw.one_in(4)) message["users"] = some_users(author);
  author.add({.as = client,
              .act = "POST",
              .path = older_path(author, chat),
              .form = "older protobuf",
              .body = message});
}

void send_as_json(Author& author) {
  const auto chat = author.chat();
  const auto user = member_of(author, chat);
  const auto client = author.client_actor(user);
  auto& draw = author.draw;
  Json recipients = Json::object();
  for (const auto& to : recipients_of(author, chat, client))
    recipients[quoted(to.user)][quoted(to.client)] = conformance::to_base64(ciphertext(author, to));
  Json message = {{"sender", sender_in(author, client)}, {"recipients", recipients}};
  put_options(author, message, "data");
  if (draw.one_in(4)) message["report_missing"] = some_users(author);
  if (draw.one_in(16)) message.erase(draw.word({"sender", "recipients"}));
  author.add({.as = client,
              .act = "POST",
              .path = older_path(author, chat),
              .form = draw.one_in(8) ? "gzip" : "json",
              .body = message});
}

/// Enough of them for more than one page of the smallest size; now and then exactly one page.
void send_many(Author& author) {
  auto& draw = author.draw;
  if (author.chats.empty()) return;
  const auto chat = draw.of(author.chats);
  const auto client = author.client_actor(member_of(author, chat));
  const auto& reader = author.person();
  const auto page = "/notifications?size=100&client=" + quoted(author.client_of(reader));
  auto message = message_of(author, chat, client);
  message["strategy"] = "ignore_all";
  message["to"] = Json::array();
  for (const auto& to : author.clients[reader])
    message["to"].push_back({quoted(reader), quoted(to), ciphertext(author, {reader, to})});
  author.add({.as = reader, .act = "GET", .path = "/notifications/last"});
  author.add({.as = client,
              .act = "POST",
              .path = chat_path(chat) + "/proteus/messages",
              .form = "protobuf",
              .body = message,
              .times = draw.one_in(2) ? 100 : 140});
  author.add({.as = reader, .act = "GET", .path = page + "&since=<" + reader + "#last>"});
  author.add({.as = reader, .act = "GET", .path = page + "&since=<" + reader + "#last>"});
}

}  // namespace

const std::vector<Act> message_acts = {
    {"send", send, 16},
    {"send in the older form", send_in_older_form, 5},
    {"send as JSON", send_as_json, 6},
    {"send many", send_many, 1},
};

}  // namespace twostep::live
