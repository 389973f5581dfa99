#include "model/serve/routes.hpp"

#include <algorithm>
#include <variant>

#include "model/serve/chapters.hpp"
#include "model/serve/gzip.hpp"
#include "model/serve/limits.hpp"

namespace twostep::model::serve {
namespace {

constexpr int served_version = 9;

using Simple = Reply (*)(Call&);
using Waiting = Task<Reply> (*)(Call&);
using Upgrading = Response (*)(Call&);

struct Route {
  const char* method;
  const char* pattern;  ///< A segment in braces stands for any.
  std::variant<Simple, Waiting, Upgrading> handler;
  bool needs_token = true;
};

Reply api_version(Call& call) {
  const bool lies = call.faulty(Fault::another_domain_is_advertised);
  return json_reply(200, {{"supported", {served_version}},
                          {"development", Json::array()},
                          {"federation", call.server.options.federation_listen.has_value()},
                          {"domain", lies ? "elsewhere.example" : call.own_domain()}});
}

Reply alive(Call&) { return empty_reply(200); }

constexpr bool no_token = false;

const Route routes[] = {
    {"GET", "/api-version", api_version, no_token},
    {"GET", "/i/status", alive, no_token},
    {"GET", "/i/ready", alive, no_token},

    {"POST", "/register", register_account, no_token},
    {"POST", "/login", login, no_token},
    {"POST", "/access", renew_access, no_token},
    {"POST", "/access/logout", logout, no_token},
    {"GET", "/self", own_profile},
    {"POST", "/list-users", list_users},
    {"GET", "/users/{domain}/{user}", profile_of_user},

    {"POST", "/clients", add_client},
    {"GET", "/clients", list_own_clients},
    {"GET", "/clients/{client}", own_client},
    {"PUT", "/clients/{client}", update_client},
    {"DELETE", "/clients/{client}", delete_client},
    {"GET", "/clients/{client}/prekeys", prekeys_left},
    {"GET", "/clients/{client}/capabilities", capabilities_of_client},
    {"POST", "/users/list-clients", list_clients},
    {"GET", "/users/{domain}/{user}/clients", clients_of_user},
    {"GET", "/users/{domain}/{user}/clients/{client}", client_of_user},
    {"POST", "/users/list-prekeys", claim_prekeys},
    {"GET", "/users/{domain}/{user}/prekeys", claim_prekeys_of_user},
    {"GET", "/users/{domain}/{user}/prekeys/{client}", claim_prekey_of_client},

    {"POST", "/push/tokens", add_push_token},
    {"GET", "/push/tokens", list_push_tokens},
    {"DELETE", "/push/tokens/{token}", delete_push_token},

    {"POST", "/connections/{domain}/{user}", ask_for_connection},
    {"PUT", "/connections/{domain}/{user}", update_connection},
    {"GET", "/connections/{domain}/{user}", read_connection},
    {"POST", "/list-connections", list_connections},

    {"POST", "/conversations", create_conversation},
    {"POST", "/conversations/list-ids", list_conversation_ids},
    {"POST", "/conversations/list", list_conversations},
    {"GET", "/conversations/{domain}/{conversation}", read_conversation},
    {"POST", "/conversations/{domain}/{conversation}/members", add_members},
    {"DELETE", "/conversations/{domain}/{conversation}/members/{user_domain}/{user}",
     remove_member},
    {"PUT", "/conversations/{domain}/{conversation}/members/{user_domain}/{user}", change_role},
    {"PUT", "/conversations/{domain}/{conversation}/name", change_settings},
    {"PUT", "/conversations/{domain}/{conversation}/message-timer", change_settings},
    {"PUT", "/conversations/{domain}/{conversation}/receipt-mode", change_settings},
    {"POST", "/conversations/{domain}/{conversation}/typing", type_in_conversation},

    {"POST", "/conversations/{domain}/{conversation}/proteus/messages", send_message},
    {"POST", "/conversations/{conversation}/otr/messages", send_message_in_older_form},

    {"GET", "/notifications", catch_up_page},
    {"GET", "/notifications/last", last_notification},
    {"GET", "/notifications/{id}", one_notification},
    {"GET", "/time", server_time},
    {"GET", "/await", open_socket},
};

/// What stands in the braces, if the path is one of the pattern.
std::optional<std::map<std::string, std::string>> match(std::string_view pattern,
                                                        const std::vector<std::string>& path) {
  std::map<std::string, std::string> captures;
  for (const auto& segment : path) {
    if (pattern.empty()) return std::nullopt;
    pattern.remove_prefix(1);
    const auto expected = pattern.substr(0, pattern.find('/'));
    pattern.remove_prefix(expected.size());
    if (expected.starts_with('{')) {
      captures.emplace(expected.substr(1, expected.size() - 2), segment);
    } else if (expected != segment) {
      return std::nullopt;
    }
  }
  if (!pattern.empty()) return std::nullopt;
  return captures;
}

/// Takes the version off the path.
void check_version(const Server& server, std::vector<std::string>& path) {
  const auto& first = path.front();
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool versioned =
      first.size() > 1 && first[0] == 'v' && std::all_of(first.begin() + 1, first.end(), is_digit);
  if (!versioned) return;
  const bool served =
      first == "v" + std::to_string(served_version) || server.faulty(Fault::any_version_is_served);
  const bool internal = path.size() > 1 && path[1] == "i";
  if (!served || internal) refuse(404, "unsupported-version", "This version is not served");
  path.erase(path.begin());
}

const Route& find_route(Call& call) {
  bool path_is_known = false;
  for (const auto& route : routes) {
    auto captures = match(route.pattern, call.request.path);
    if (!captures) continue;
    path_is_known = true;
    if (route.method != call.request.method) continue;
    call.captures = std::move(*captures);
    return route;
  }
  if (path_is_known) refuse(405, "method-not-allowed", "The path does not have this method");
  refuse(404, "no-endpoint", "The requested endpoint does not exist");
}

void decompress(Call& call, std::size_t bytes_max) {
  auto& request = call.request;
  const auto encoding =
      lower(find_header(request.headers, "content-encoding").value_or("identity"));
  if (encoding == "identity" || call.faulty(Fault::bodies_are_not_decompressed)) return;
  if (encoding != "gzip") refuse(415, "unsupported-media-type", "Only gzip is known");
  request.body = gunzip(request.body, bytes_max);
}

}  // namespace

std::size_t Routes::body_bytes_max(const Request& head) const {
  const bool is_message = head.path.size() > 3 && head.path.back() == "messages";
  return is_message ? limits::message_bytes_max : limits::body_bytes_max;
}

boost::asio::awaitable<Response> Routes::answer(Request request) {
  std::optional<Refusal> refusal;
  try {
    co_return co_await answer_or_refuse(std::move(request));
  } catch (const Refusal& refused) {
    refusal = refused;
  } catch (const std::exception&) {
    refusal = Refusal{.status = 500, .label = "server-error", .message = "Internal Server Error"};
  }
  if (refusal->ends_connection) throw Refusal{*refusal};
  if (server_.faulty(Fault::errors_have_no_label)) refusal->label.clear();
  co_return Response{.reply = reply_to(*refusal)};
}

boost::asio::awaitable<Response> Routes::answer_or_refuse(Request request) {
  const auto bytes_max = body_bytes_max(request);
  Call call{.server = server_, .request = std::move(request)};
  check_version(server_, call.request.path);
  const auto& route = find_route(call);
  if (route.needs_token) {
    call.token = access_token_of(server_, call.request);
    if (!call.token) refuse(401, "unauthorized", "A valid access token is needed");
  }
  decompress(call, bytes_max);
  if (const auto* upgrading = std::get_if<Upgrading>(&route.handler)) co_return (*upgrading)(call);
  Response response;
  if (const auto* simple = std::get_if<Simple>(&route.handler)) {
    response.reply = (*simple)(call);
  } else {
    response.reply = co_await std::get<Waiting>(route.handler)(call);
  }
  co_return response;
}

}  // namespace twostep::model::serve
