#include "property-tests/live/author.hpp"

/// Chapters 7 and 8: what no client would ask.
namespace twostep::live {
namespace {

void strange_path(Author& author) {
  author.commands.push_back({.as = author.draw.one_in(4) ? "" : author.actor(),
                             .act = author.draw.word({"GET", "POST", "DELETE", "PUT"}),
                             .path = author.draw.word({"/",
                                                       "/nowhere",
                                                       "/v4711/self",
                                                       "/v9/v9/self",
                                                       "/self/",
                                                       "//self",
                                                       "/v9",
                                                       "/v09/self",
                                                       "/%73elf",
                                                       "/se%6c%66",
                                                       "/self%00",
                                                       "/%2573elf",
                                                       "/self%2f",
                                                       "/self?x=%zz",
                                                       "/self?=",
                                                       "/v9/i/status",
                                                       "/users",
                                                       "/users/a.example",
                                                       "/api-version",
                                                       "/v9/api-version",
                                                       "/conversations/a.example/x",
                                                       "/users/a.example/<alice|upper>",
                                                       "/users/b.example/<alice>",
                                                       "/users/A.EXAMPLE/<alice>",
                                                       "/users/-/<alice>",
                                                       "/users/a.example/<alice|cut>",
                                                       "/users/a.example/{<alice>}",
                                                       "/conversations/<chat1>",
                                                       "/await",
                                                       "/clients/%3Calice",
                                                       "/clients/",
                                                       "/clients/0",
                                                       "/clients/10000000000000000",
                                                       "/notifications/"})});
}

void ask_for_version(Author& author) { author.add({.act = "GET", .path = "/api-version"}); }

void strange_body(Author& author) {
  auto& draw = author.draw;
  const std::string path = draw.word(
      {"/login", "/register", "/clients", "/list-users", "/conversations", "/users/list-clients",
       "/users/list-prekeys", "/push/tokens", "/conversations/list", "/conversations/list-ids",
       "/list-connections", "/conversations/a.example/<chat1>/members",
       "/conversations/a.example/<chat1>/typing", "/conversations/<chat1>/otr/messages",
       "/conversations/a.example/<chat1>/proteus/messages"});
  const std::string body =
      draw.word({"", "{", "{}", "[]", "null", "\"x\"", "1", "{}x", "{\"a\":1,}", "[[[[[[[[",
                 "{\"size\":1e400}", "{\"size\":\"1\"}", "{\"size\":0}", "{\"size\":-1}",
                 "{\"qualified_ids\":{}}", "{\"qualified_ids\":[1]}", "{\"qualified_users\":[{}]}",
                 "{\"email\":1,\"password\":\"12345678\"}", "{\"sender\":1,\"recipients\":{}}"});
  author.add({.as = author.actor(), .act = "POST", .path = path, .form = "text", .body = body});
}

/// A correct body without one of its fields, or with one of another type. Not a client's: what follows from
/// registering it again is free (open reading 49).
void bent_body(Author& author) {
  std::vector<const Command*> with_body;
  for (const auto& command : author.commands)
    if (command.form == "json" && !command.path.ends_with("/clients") && command.body.is_object() &&
        !command.body.empty() && command.names.empty() && command.keeps.empty())
      with_body.push_back(&command);
  if (with_body.empty()) return;
  auto command = *author.draw.of(with_body);
  auto field = command.body.begin();
  std::advance(field, static_cast<std::ptrdiff_t>(author.draw.below(command.body.size())));
  // An account may do without a password (open readings).
  if (command.path.ends_with("/register") && field.key() == "password") return;
  switch (author.draw.below(4)) {
    case 0:
      command.body.erase(field);
      break;
    case 1:
      *field = nullptr;
      break;
    case 2:
      *field = author.draw.one_in(2) ? Json(17) : Json("seventeen");
      break;
    default:
      command.body["a field that nobody knows"] = Json::array({1});
  }
  author.commands.push_back(command);
}

void strange_header(Author& author) {
  auto& draw = author.draw;
  Command command{.as = author.actor(),
                  .act = "POST",
                  .path = "/list-users",
                  .form = "json",
                  .body = {{"qualified_ids", {qualified("alice")}}}};
  const auto what = draw.below(4);
  if (what == 0)
    command.headers["Content-Type"] =
        draw.word({"application/json;charset=UTF-8", "text/plain", "application/x-protobuf", "json",
                   "APPLICATION/JSON"});
  if (what == 1)
    command.headers["Content-Encoding"] = draw.word({"gzip", "deflate", "identity", "GZIP", "br"});
  if (what == 2) command.headers["Accept"] = draw.word({"text/html", "*/*"});
  if (what == 3) {
    command = {.as = author.actor(), .act = "GET", .path = "/self"};
    command.headers["Content-Type"] = "application/json";
  }
  author.add(command);
}

/// A message as something else.
void strange_message(Author& author) {
  auto& draw = author.draw;
  std::vector<const Command*> messages;
  for (const auto& command : author.commands)
    if (command.form.ends_with("protobuf")) messages.push_back(&command);
  if (messages.empty()) return;
  auto command = *draw.of(messages);
  if (draw.one_in(2)) {
    command.headers["Content-Type"] =
        draw.word({"application/json", "text/plain", "application/x-protobuf;x=y",
                   "application/octet-stream"});
  } else if (draw.one_in(2)) {
    command.form = "base64";
    command.headers["Content-Type"] = "application/x-protobuf";
    command.body = draw.word(
        {"AA==", "/////w==", "CgA=", "Cg==", "CgIIAQ==", "CgIIAToA", "CgIIAUIA", "CgQIARAB"});
  } else {
    command.path = chat_path(author.chat()) + draw.word({"/proteus/messages", "/otr/messages"});
  }
  author.commands.push_back(command);
}

}  // namespace

const std::vector<Act> hostile_acts = {
    {"the version", ask_for_version, 1},     {"a strange path", strange_path, 3},
    {"a strange body", strange_body, 3},     {"a bent body", bent_body, 4},
    {"a strange header", strange_header, 1}, {"a strange message", strange_message, 2},
};

}  // namespace twostep::live
