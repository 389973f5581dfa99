#include "model/serve/peers.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>

#include "model/serve/http_client.hpp"
#include "model/serve/limits.hpp"

namespace twostep::model::serve {
namespace {

namespace asio = boost::asio;

Refusal federation_error(int status, std::string label, std::string message, const PeerCall& call,
                         const Json& inner = nullptr) {
  Json body = {
      {"code", status},
      {"label", label},
      {"message", message},
      {"data",
       {{"type", "federation"}, {"domain", call.domain}, {"path", "/federation/" + call.rpc}}}};
  if (!inner.is_null()) body["inner"] = inner;
  return {.status = status,
          .label = std::move(label),
          .message = std::move(message),
          .body = body.dump()};
}

/// The error that a peer answered, or what its status says.
Json inner_error(const Reply& reply) {
  try {
    const auto error = read_json(reply.body);
    if (text_if(error, "label") && text_if(error, "message")) return error;
  } catch (const Refusal&) {
    // No error body: a proxy may have answered.
  }
  return {{"code", reply.status}, {"label", "unknown"}, {"message", "No error body"}};
}

Json body_of(const Server& server, const PeerCall& call, const std::optional<Reply>& reply) {
  if (!reply)
    throw federation_error(521, "federation-connection-refused", "The peer does not answer", call);
  if (reply->status != 200) {
    const auto inner =
        server.faulty(Fault::the_inner_error_is_hidden) ? Json{} : inner_error(*reply);
    throw federation_error(533, "federation-remote-error", "The peer answered an error", call,
                           inner);
  }
  try {
    return read_json(reply->body);
  } catch (const Refusal&) {
    throw federation_error(533, "federation-invalid-body", "The peer's answer is not JSON", call);
  }
}

/// The owner calls others before it answers.
auto time_for(const PeerCall& call) {
  const bool waits_for_others =
      call.rpc == "galley/send-message" || call.rpc == "galley/leave-conversation";
  return waits_for_others ? limits::owner_time_max : limits::peer_time_max;
}

/// The answers that are still to come.
struct Gathering {
  std::vector<PeerAnswer> answers;
  std::size_t awaited;
  asio::steady_timer complete;
};

asio::awaitable<void> gather(Server& server, std::shared_ptr<Gathering> all, std::size_t index) {
  auto& answer = all->answers[index];
  try {
    auto body = co_await call_peer(server, answer.call);
    answer.result = std::move(body);
  } catch (const Refusal& failure) {
    answer.result = failure;
  }
  if (--all->awaited == 0) all->complete.cancel();
}

}  // namespace

std::string url_of_peer(const Server& server, const std::string& domain) {
  const PeerCall none{domain, "", nullptr};
  const auto& peers = server.options.peers;
  if (!server.options.federation_listen) {
    throw federation_error(400, "federation-not-enabled", "There is no federation here", none);
  }
  const auto exact = peers.find(domain);
  if (exact != peers.end()) return exact->second;
  const auto wildcard = peers.find("*" + domain.substr(std::min(domain.find('.'), domain.size())));
  if (wildcard != peers.end() && domain != server.options.domain) return wildcard->second;
  throw federation_error(422, "invalid-domain", "There is no such backend", none);
}

asio::awaitable<Json> call_peer(Server& server, PeerCall call) {
  const auto url = url_of_peer(server, call.domain) + "/federation/" + call.rpc;
  const Headers headers = {{"Host", call.domain}, {"Wire-Origin-Domain", server.options.domain}};
  const auto body = call.body.dump();
  auto reply = co_await post(url, headers, body, time_for(call));
  if (server.faulty(Fault::failed_calls_are_repeated) && (!reply || reply->status != 200)) {
    reply = co_await post(url, headers, body, time_for(call));
  }
  co_return body_of(server, call, reply);
}

asio::awaitable<std::vector<PeerAnswer>> call_peers(Server& server, std::vector<PeerCall> calls) {
  const auto all = std::make_shared<Gathering>(Gathering{
      {}, calls.size(), asio::steady_timer{server.context, asio::steady_timer::time_point::max()}});
  for (auto& call : calls) all->answers.push_back({std::move(call), Json{}});
  for (std::size_t i = 0; i < all->answers.size(); ++i) {
    asio::co_spawn(server.context, gather(server, all, i), asio::detached);
  }
  if (all->awaited > 0) co_await all->complete.async_wait(asio::as_tuple(asio::use_awaitable));
  co_return std::move(all->answers);
}

std::vector<PeerCall> calls_by_domain(const std::string& rpc,
                                      const std::map<std::string, std::set<QualifiedId>>& users) {
  std::vector<PeerCall> calls;
  for (const auto& [domain, of_domain] : users) {
    Json ids = Json::array();
    for (const auto& user : of_domain) ids.push_back(user.id);
    calls.push_back({domain, rpc, std::move(ids)});
  }
  return calls;
}

void must_all_be_reached(const std::vector<PeerAnswer>& answers) {
  std::vector<std::string> unreachable;
  for (const auto& answer : answers) {
    if (answer.failure()) unreachable.push_back(answer.call.domain);
  }
  if (unreachable.empty()) return;
  throw Refusal{.status = 533,
                .label = "unreachable-backends",
                .message = "Backends are unreachable",
                .body = Json{{"unreachable_backends", unreachable}}.dump()};
}

void unexpected_body(const PeerCall& call) {
  throw federation_error(533, "federation-unexpected-body", "The peer answered something else",
                         call);
}

}  // namespace twostep::model::serve
