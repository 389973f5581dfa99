#include "property-tests/live/side.hpp"

#include <set>

#include "conformance/support/bytes.hpp"
#include "conformance/support/gzip.hpp"

namespace twostep::live {
namespace {

using namespace conformance;

/// A list in pages ends before this many.
constexpr int pages_max = 50;

/// "alice.1" is a client of alice.
std::string reader_of(const std::string& as) { return as.substr(0, as.find('.')); }

Json pointed_at(const Reply& reply, const std::string& pointer) {
  return reply.json.is_structured() ? part(reply.json, pointer) : Json{};
}

}  // namespace

std::string address_of(const std::string& user) { return user + "-<run>@example.com"; }
std::string password_of(const std::string& user) { return "the secret of " + user; }

Side::Side(Target target, std::string run)
    : target_(std::move(target)), http_("live", target_.http), names_(std::move(run)) {}

Json Side::perform(const Command& command) {
  if (command.act == "open") return open(command);
  if (const auto socket = sockets_.find(command.path); socket != sockets_.end()) {
    if (command.act == "frames") return frames(socket->second);
    if (command.act == "say") socket->second.socket.send(Opcode::text, command.body);
    if (command.act == "hang up") {
      socket->second.socket.close();
      sockets_.erase(socket);
    }
    return {{"done", true}};
  }
  if (command.act == "frames" || command.act == "say" || command.act == "hang up")
    return {{"done", "no such socket"}};
  return command.act == "POST pages" ? pages(command) : request(command);
}

Json Side::request(const Command& command) {
  Reply reply;
  Json seen;
  for (int i = 0; i < command.times; ++i) {
    reply = send(command, command.body);
    seen = observer_.answer(reply, reader_of(command.as));
  }
  learn(command, reply);
  return seen;
}

Json Side::pages(const Command& command) {
  auto body = command.body;
  auto pages = Json::array();
  while (static_cast<int>(pages.size()) < pages_max) {
    const auto reply = send(command, body);
    pages.push_back(observer_.answer(reply, reader_of(command.as)));
    if (pointed_at(reply, "/has_more") != true) break;
    body["paging_state"] = reply.json.value("paging_state", Json{});
  }
  // Which of a set stands on which page is free, and some of what the pages count is left out: so they are
  // not counted.
  std::set<Json> together;
  for (auto& page : pages) {
    for (auto& [key, part] : page["body"].items()) {
      if (!part.is_array()) continue;
      together.insert(part.begin(), part.end());
      part = "some of them";
    }
  }
  return {{"last page", pages.back()}, {"together", together}};
}

Reply Side::send(const Command& command, const Json& body) {
  Request request{.method = command.act == "POST pages" ? "POST" : command.act,
                  .path = names_.fill(command.path)};
  const auto filled = names_.fill(body);
  std::string type = "application/json";
  if (command.form == "json") request.body = filled.dump();
  if (command.form == "gzip") {
    request.body = gzip(filled.dump());
    request.headers.push_back({"Content-Encoding", "gzip"});
  }
  if (command.form == "text") request.body = filled.get<std::string>();
  if (command.form == "base64")
    request.body = from_base64(command.body.get<std::string>()).value_or("");
  if (command.form.ends_with("protobuf")) {
    type = "application/x-protobuf";
    request.body = message_bytes(filled, target_.domain, command.form.starts_with("older"));
  }
  for (const auto& [name, value] : command.headers.items())
    request.headers.push_back({name, names_.fill(value.get<std::string>())});
  if (!command.form.empty() && !header_in(request.headers, "Content-Type"))
    request.headers.push_back({"Content-Type", type});
  if (!command.as.empty() && !header_in(request.headers, "Authorization")) {
    const auto token = tokens_.find(command.as);
    request.headers.push_back(
        {"Authorization", "Bearer " + (token == tokens_.end() ? "none" : token->second)});
  }
  if (!command.cookie.empty()) {
    const auto cookie = cookies_.find(command.cookie);
    request.headers.push_back(cookie_header(cookie == cookies_.end() ? "none" : cookie->second));
  }
  return http_.send(request);
}

void Side::learn(const Command& command, const Reply& reply) {
  const auto status = pointed_at(reply, "/status");
  const bool is_connection = pointed_at(reply, "/qualified_to").is_object();
  // A conversation counts from the moment at which one can send in it (CNV-04).
  if (is_connection && status != "accepted") return;
  for (const auto& [name, pointer] : command.names.items()) {
    const auto real = pointed_at(reply, pointer);
    if (real.is_string()) names_.call(name, real);
  }
  if (command.keeps.empty()) return;
  const auto token = pointed_at(reply, "/access_token");
  if (token.is_string()) {
    tokens_[command.keeps] = token;
    names_.call("token." + command.keeps, token);
  }
  if (const auto cookie = cookie_of(reply)) cookies_[command.keeps] = *cookie;
}

Json Side::open(const Command& command) {
  std::vector<Header> headers;
  if (const auto token = tokens_.find(command.as); token != tokens_.end())
    headers.push_back({"Authorization", "Bearer " + token->second});
  try {
    Socket socket{command.as, target_.websocket, headers, {.path = names_.fill(command.path)}};
    if (socket.refusal()) return observer_.answer(*socket.refusal(), reader_of(command.as));
    const auto name = command.names.empty() ? "" : command.names.begin().key();
    sockets_.erase(name);
    sockets_.emplace(name, OpenSocket{reader_of(command.as), std::move(socket)});
    return {{"status", 101}};
  } catch (const std::runtime_error& error) {
    return {{"no socket", error.what()}};
  }
}

/// A conversation that the reader creates alone, with an access token of its own: all sockets of the reader
/// get its event, after everything that was stored before.
bool Side::put_up_fence(OpenSocket& open) {
  const auto fence = "fence " + std::to_string(++fences_);
  const auto actor = open.reader + ".fence";
  if (!tokens_.contains(actor)) {
    const Json login = {{"email", address_of(open.reader)}, {"password", password_of(open.reader)}};
    perform({.act = "POST", .path = "/login", .form = "json", .body = login, .keeps = actor});
  }
  const auto name = "fence" + std::to_string(fences_);
  perform({.as = actor,
           .act = "POST",
           .path = "/conversations",
           .form = "json",
           .body = {{"name", fence}, {"qualified_users", Json::array()}},
           .names = {{name, "/qualified_id/id"}}});
  const auto quoted = '"' + fence + '"';
  return open.socket
      .wait_for([&](const Frame& frame) { return frame.payload.find(quoted) != std::string::npos; })
      .has_value();
}

Json Side::frames(OpenSocket& open) {
  const bool fenced = put_up_fence(open);
  std::vector<Frame> news;
  const auto& all = open.socket.frames();
  for (; open.shown < all.size(); ++open.shown) {
    const auto opcode = all[open.shown].opcode;
    if (opcode == Opcode::text || opcode == Opcode::binary) news.push_back(all[open.shown]);
  }
  auto seen = observer_.frames(news, open.reader);
  if (!fenced) seen["ended"] = open.socket.wait_for_close().value_or(0);
  return seen;
}

}  // namespace twostep::live
