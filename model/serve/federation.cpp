#include "model/serve/federation.hpp"

#include <algorithm>
#include <variant>

#include "model/serve/chapters.hpp"
#include "model/serve/limits.hpp"
#include "model/serve/peers.hpp"

namespace twostep::model::serve {
namespace {

using Simple = Json (*)(Asked&);
using Waiting = Task<Json> (*)(Asked&);

Json versions(Asked&) { return {{"supported", {1}}, {"supported_versions", {1}}}; }

const std::map<std::string, std::variant<Simple, Waiting>> calls = {
    {"brig/api-version", versions},
    {"brig/claim-multi-prekey-bundle", asked_for_prekeys},
    {"brig/claim-prekey", asked_for_a_prekey},
    {"brig/claim-prekey-bundle", asked_for_prekeys_of_user},
    {"brig/get-user-clients", asked_for_clients},
    {"brig/get-users-by-ids", asked_for_profiles},
    {"brig/send-connection-action", told_of_connection},
    {"galley/get-conversations", asked_for_conversations},
    {"galley/leave-conversation", asked_to_leave},
    {"galley/on-conversation-created", told_of_conversation},
    {"galley/on-conversation-updated", told_of_change},
    {"galley/on-message-sent", told_of_message},
    {"galley/send-message", asked_to_send},
};

/// "component/rpc", if the target has the form of a call.
std::string name_in(const Server& server, const Request& request) {
  const std::string_view prefix = "/federation/";
  const auto path = request.target.substr(0, request.target.find('?'));
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '/';
  };
  const auto name = path.starts_with(prefix) ? path.substr(prefix.size()) : "";
  if (!std::all_of(name.begin(), name.end(), plain) || !calls.contains(name)) {
    refuse(404, "no-endpoint", "There is no such call");
  }
  const bool query = path != request.target && !server.faulty(Fault::calls_may_have_a_query);
  if (query || request.method != "POST")
    refuse(405, "method-not-allowed", "A call is a POST without a query");
  return name;
}

std::string origin_in(const Server& server, const Request& request) {
  const auto header = find_header(request.headers, "wire-origin-domain").value_or("");
  const auto origin =
      server.faulty(Fault::any_origin_will_do) ? header.substr(0, header.find(':')) : header;
  const auto domain = read_domain(origin);
  if (!domain) refuse(400, "bad-request", "A call names the caller's domain");
  try {
    url_of_peer(server, *domain);
  } catch (const Refusal&) {
    refuse(400, "federation-denied", "This backend is not a peer");
  }
  return server.faulty(Fault::domains_in_capitals_are_others) ? origin : *domain;
}

}  // namespace

std::size_t Federation::body_bytes_max(const Request&) const { return limits::peer_body_bytes_max; }

boost::asio::awaitable<Response> Federation::answer(Request request) {
  Response response;
  try {
    const auto body = co_await answer_or_refuse(request);
    response.reply = json_reply(200, body);
  } catch (const Refusal& refused) {
    response.reply = reply_to(refused);
  } catch (const std::exception&) {
    response.reply =
        reply_to({.status = 500, .label = "server-error", .message = "Internal Server Error"});
  }
  co_return response;
}

boost::asio::awaitable<Json> Federation::answer_or_refuse(const Request& request) {
  const auto name = name_in(server_, request);
  const auto origin = origin_in(server_, request);
  Asked asked{server_, origin, read_json(request.body)};
  if (!server_.sends.empty() && server_.faulty(Fault::nobody_is_served_while_sending)) {
    refuse(503, "service-unavailable", "A message is being sent");
  }
  const auto& function = calls.at(name);
  if (const auto* simple = std::get_if<Simple>(&function)) co_return (*simple)(asked);
  co_return co_await std::get<Waiting>(function)(asked);
}

}  // namespace twostep::model::serve
