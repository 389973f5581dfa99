#include "impl/federation/peer_client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <string>
#include <utility>
#include <variant>

#include "impl/core/limits.hpp"
#include "impl/federation/channel.hpp"
#include "impl/federation/http_message.hpp"

namespace twostep::federation {
namespace {

namespace net = boost::asio;
using service::PeerCall;
using service::PeerFailure;
using service::PeerReply;

std::string_view name_of(PeerFailure failure) {
  switch (failure) {
    case PeerFailure::denied:
      return "denied";
    case PeerFailure::unknown_domain:
      return "unknown-domain";
    case PeerFailure::discovery:
      return "discovery";
    case PeerFailure::unreachable:
      return "unreachable";
    case PeerFailure::tls:
      return "tls";
    case PeerFailure::http:
      return "http";
    case PeerFailure::version:
      return "version";
  }
  return {};
}

PeerFailure failure_of(AnswerFault fault) {
  switch (fault) {
    case AnswerFault::none_came:
      return PeerFailure::unreachable;
    case AnswerFault::is_refused:
      return PeerFailure::tls;
    case AnswerFault::is_not_http:
    case AnswerFault::is_too_large:
      return PeerFailure::http;
  }
  return PeerFailure::http;
}

std::string head_of(const PeerCall& call, const Domain& self) {
  return "POST " + service::path_of(call) + " HTTP/1.1\r\nHost: " + call.to.text() +
         "\r\nWire-Origin-Domain: " + self.text() +
         "\r\nX-Wire-API-Version: " + std::string{service::peer_api_version} +
         "\r\nContent-Type: application/json\r\nAccept: application/json" +
         "\r\nContent-Length: " + std::to_string(call.body.size()) + "\r\n\r\n";
}

}  // namespace

PeerClient::PeerClient(net::any_io_executor executor, Outbound outbound)
    : executor_{std::move(executor)}, outbound_{std::move(outbound)} {}

net::awaitable<PeerClient::Outcome> PeerClient::call(PeerCall call) {
  const auto began = std::chrono::steady_clock::now();
  const auto peer = call.to.text();
  const auto rpc = call.rpc;
  const auto deadline = began + call.deadline;
  const auto strand = net::any_io_executor{net::make_strand(executor_)};
  auto calling = call_once(std::move(call), deadline);
  auto outcome = co_await net::co_spawn(strand, std::move(calling), net::use_awaitable);
  note(peer, rpc, outcome, std::chrono::steady_clock::now() - began);
  co_return outcome;
}

net::awaitable<PeerClient::Outcome> PeerClient::call_once(PeerCall call, Deadline deadline) {
  const auto* const peer = outbound_.peers.find(call.to);
  if (!peer) co_return PeerFailure::denied;
  const auto place = co_await places_.take(call.to.text() + '/' + call.rpc, deadline);
  if (!place) co_return PeerFailure::unreachable;
  auto channel = connections_.take(call.to);
  if (!channel) {
    auto made = co_await connect(call.to, *peer, deadline);
    if (!made) co_return made.error();
    channel = *std::move(made);
  }
  const auto strand = channel->strand();
  auto exchanging = exchange(std::move(call), std::move(channel), deadline);
  co_return co_await net::co_spawn(strand, std::move(exchanging), net::use_awaitable);
}

net::awaitable<boost::system::result<std::unique_ptr<Channel>, PeerFailure>> PeerClient::connect(
    const Domain& domain, const Peer& peer, Deadline deadline) {
  const bool secure = !peer.url || peer.url->secure;
  if (secure && !outbound_.tls) co_return PeerFailure::tls;
  auto endpoints = co_await outbound_.discovery.find(peer, domain, deadline);
  if (!endpoints) co_return endpoints.error();
  auto channel = std::make_unique<Channel>(co_await net::this_coro::executor);
  channel->expires_at(deadline);
  if (co_await channel->connect(*std::move(endpoints))) co_return PeerFailure::unreachable;
  if (secure && co_await channel->secure_as_client(*outbound_.tls, domain)) {
    co_return channel->expired() ? PeerFailure::unreachable : PeerFailure::tls;
  }
  co_return channel;
}

net::awaitable<PeerClient::Outcome> PeerClient::exchange(PeerCall call,
                                                         std::unique_ptr<Channel> channel,
                                                         Deadline deadline) {
  channel->expires_at(deadline);
  const auto head = head_of(call, outbound_.self);
  // A peer that does not read to the end may have answered all the same.
  const auto lost = co_await channel->write(head, call.body);
  auto answer = co_await read_answer(*channel, twostep::limits::peer_answer_bytes_max);
  if (channel->expired()) co_return PeerFailure::unreachable;
  if (const auto* fault = std::get_if<AnswerFault>(&answer)) co_return failure_of(*fault);
  auto& answered = std::get<Answer>(answer);
  channel->expires_at(Deadline::max());
  if (!lost) connections_.keep(call.to, std::move(channel), answered.stays);
  co_return PeerReply{.status = answered.status, .body = std::move(answered.body)};
}

void PeerClient::note(const std::string& peer, const std::string& rpc, const Outcome& outcome,
                      std::chrono::nanoseconds took) {
  const auto result =
      outcome ? outcome->status == 200 ? "ok" : "refused" : name_of(outcome.error());
  outbound_.metrics.called(rpc, result, took);
  if (result == "ok") return;
  outbound_.log.write(server::LogLevel::warning, "peer-call-failed",
                      {{"peer", peer},
                       {"rpc", rpc},
                       {"outcome", result},
                       {"status", outcome ? outcome->status : 0},
                       {"micros", took.count() / 1000}});
}

}  // namespace twostep::federation
