#include "property-tests/live/author.hpp"

/// Chapter 6: two users agree to talk, and talk with others.
namespace twostep::live {
namespace {

/// The conversation of a connection has this name, whoever asked.
std::string between(const std::string& one, const std::string& other) {
  return one < other ? one + '+' + other : other + '+' + one;
}

Command asking(const std::string& as, const std::string& other) {
  return {.as = as,
          .act = "POST",
          .path = "/connections/" + user_path(other),
          .names = {{between(as, other), "/qualified_conversation/id"}}};
}

Command answering(const std::string& as, const std::string& other, const std::string& status) {
  return {.as = as,
          .act = "PUT",
          .path = "/connections/" + user_path(other),
          .form = "json",
          .body = {{"status", status}},
          .names = {{between(as, other), "/qualified_conversation/id"}}};
}

/// After a connection has changed, something that both certainly have as their newest.
void settle(Author& author, const std::string& one, const std::string& other) {
  for (const auto& user : {one, other}) {
    author.add({.as = user,
                .act = "POST",
                .path = "/conversations",
                .form = "json",
                .body = {{"name", "after all"}, {"qualified_users", Json::array()}},
                .names = {{author.fresh("fenceof"), "/qualified_id/id"}}});
  }
}

void ask_for_connection(Author& author) {
  const auto user = author.person();
  const auto other = author.somebody();
  author.add(asking(user, other));
  settle(author, user, other);
}

void update_connection(Author& author) {
  const std::string status = author.draw.word(
      {"accepted", "accepted", "ignored", "blocked", "cancelled", "sent", "pending", "nonsense"});
  const auto user = author.person();
  const auto other = author.somebody();
  author.add(answering(user, other, status));
  settle(author, user, other);
  author.has_blocked |= status == "blocked";
}

void read_connection(Author& author) {
  auto& draw = author.draw;
  if (draw.one_in(2)) {
    author.add({.as = author.person(),
                .act = "GET",
                .path = "/connections/" + user_path(author.somebody())});
  } else {
    author.add({.as = author.person(),
                .act = "POST pages",
                .path = "/list-connections",
                .form = "json",
                .body = {{"size", draw.one_in(2) ? 1 : 500}}});
  }
}

void create_conversation(Author& author) {
  auto& draw = author.draw;
  const auto& creator = author.person();
  std::set<std::string> others;
  for (auto n = draw.below(3); n > 0; --n) others.insert(author.somebody());
  create_chat(author, creator, others);
  auto& body = author.commands.back().body;
  if (draw.one_in(3)) body["conversation_role"] = draw.word({"wire_member", "wire_admin", "king"});
  if (draw.one_in(4)) body["message_timer"] = draw.one_in(4) ? -1 : 60'000;
  if (draw.one_in(4)) body["receipt_mode"] = 1;
  if (draw.one_in(6)) body["name"] = std::string(draw.one_in(2) ? 256 : 257, 'n');
  if (draw.one_in(6)) body["access"] = {draw.word({"invite", "private"})};
}

void read_conversation(Author& author) {
  auto& draw = author.draw;
  if (draw.one_in(2)) {
    author.add({.as = author.actor(), .act = "GET", .path = chat_path(author.chat())});
  } else if (draw.one_in(2) && !author.has_blocked) {
    const auto& user = author.person();
    const auto pair = between(user, author.person());
    author.add({.as = user, .act = "GET", .path = chat_path(pair)});
  } else {
    author.add({.as = author.actor(),
                .act = "POST",
                .path = "/conversations/list",
                .form = "json",
                .body = {{"qualified_ids", {qualified(author.chat()), qualified(author.chat())}}}});
  }
}

void list_conversations(Author& author) {
  author.add({.as = author.actor(),
              .act = "POST pages",
              .path = "/conversations/list-ids",
              .form = "json",
              .body = {{"size", author.draw.one_in(2) ? 1 : 1000}}});
}

/// A group, or now and then the conversation of a connection, in which nobody can be added or removed.
std::string chat_to_change(Author& author) {
  return author.draw.one_in(8) && !author.has_blocked ? between(author.person(), author.person())
                                                      : author.chat();
}

void add_members(Author& author) {
  auto& draw = author.draw;
  const auto chat = chat_to_change(author);
  Json body = {{"qualified_users", {qualified(author.somebody())}}};
  if (draw.one_in(3)) body["qualified_users"].push_back(qualified(author.somebody()));
  if (draw.one_in(2)) body["conversation_role"] = draw.word({"wire_member", "wire_admin"});
  author.add({.as = author.actor(),
              .act = "POST",
              .path = chat_path(chat) + "/members",
              .form = "json",
              .body = body});
}

void remove_member(Author& author) {
  const auto& actor = author.person();
  const auto other = author.draw.one_in(2) ? actor : author.somebody();
  author.add({.as = actor,
              .act = "DELETE",
              .path = chat_path(chat_to_change(author)) + "/members/" + user_path(other)});
}

void change_settings(Author& author) {
  auto& draw = author.draw;
  const std::string what = draw.word({"name", "message-timer", "receipt-mode"});
  Json body = Json::object();
  if (what == "name")
    body["name"] = draw.word({"a new name", "", "\u202eeman \U0001f468\u200d\U0001f469"});
  if (what == "message-timer") body["message_timer"] = draw.one_in(3) ? Json(nullptr) : Json(1000);
  if (what == "receipt-mode") body["receipt_mode"] = draw.below(3);
  author.add({.as = author.actor(),
              .act = "PUT",
              .path = chat_path(author.chat()) + '/' + what,
              .form = "json",
              .body = body});
}

void type(Author& author) {
  author.add({.as = author.actor(),
              .act = "POST",
              .path = chat_path(author.chat()) + "/typing",
              .form = "json",
              .body = {{"status", author.draw.word({"started", "stopped", "other"})}}});
}

}  // namespace

void connect(Author& author, const std::string& one, const std::string& other) {
  author.add(asking(one, other));
  author.add(answering(other, one, "accepted"));
  settle(author, one, other);
}

void create_chat(Author& author, const std::string& creator, const std::set<std::string>& others) {
  const auto chat = author.fresh("chat");
  author.chats.push_back(chat);
  author.members[chat] = others;
  author.members[chat].insert(creator);
  auto users = Json::array();
  for (const auto& other : others) users.push_back(qualified(other));
  author.add({.as = author.client_actor(creator),
              .act = "POST",
              .path = "/conversations",
              .form = "json",
              .body = {{"name", chat}, {"qualified_users", users}},
              .names = {{chat, "/qualified_id/id"}}});
}

const std::vector<Act> conversation_acts = {
    {"ask for a connection", ask_for_connection, 2},
    {"update a connection", update_connection, 3},
    {"read connections", read_connection, 3},
    {"create a conversation", create_conversation, 3},
    {"read a conversation", read_conversation, 3},
    {"list conversations", list_conversations, 1},
    {"add members", add_members, 3},
    {"remove a member", remove_member, 3},
    {"change settings", change_settings, 1},
    {"type", type, 2},
};

}  // namespace twostep::live
