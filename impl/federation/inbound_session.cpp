#include "impl/federation/inbound_session.hpp"

#include <boost/asio/post.hpp>
#include <boost/core/demangle.hpp>
#include <memory>
#include <string>
#include <typeinfo>
#include <utility>
#include <variant>

#include "impl/core/limits.hpp"
#include "impl/federation/certificates.hpp"
#include "impl/federation/channel.hpp"
#include "impl/federation/http_message.hpp"
#include "impl/federation/inbound_rules.hpp"
#include "impl/server/limits.hpp"
#include "impl/server/response_head.hpp"
#include "impl/wire/labels.hpp"

namespace twostep::federation {
namespace {

namespace net = boost::asio;
using Clock = Channel::Clock;
using server::LogLevel;
using server::Response;

/// The route of everything that has none.
constexpr std::string_view any_path = "/federation/";

enum class Next { another_call, close, gone };

bool has_body(const wire::Head& head) {
  return head.chunked || head.content_length.value_or(0) > 0;
}

std::chrono::milliseconds time_for(std::size_t bytes, std::chrono::milliseconds base) {
  return base + std::chrono::seconds{bytes / limits::transfer_bytes_per_second_min};
}

/// A call that is not let in: what the caller is told, and what the log says of it.
struct Refused {
  Response response;
  std::string why;
};

Refused refused(const Refusal& refusal) {
  const auto label = wire::label_of(refusal.reason);
  return {.response = {.status = label.status, .body = wire::error_body(refusal)},
          .why = refusal.detail.empty() ? std::string{label.message} : refusal.detail};
}

Refused refused(const wire::HeadRefusal& refusal) {
  const wire::Label label{refusal.status, "bad-request", refusal.why};
  return {.response = {.status = refusal.status, .body = wire::error_body(label)},
          .why = std::string{refusal.why}};
}

class InboundSession {
 public:
  InboundSession(net::ip::tcp::socket socket, const Inbound& inbound)
      : channel_{std::move(socket)}, inbound_{inbound} {}

  net::awaitable<void> run();
  void leave_soon();  ///< After the call under way, if there is one.

 private:
  net::awaitable<bool> handshake();
  net::awaitable<Next> exchange();
  net::awaitable<Next> serve(RequestHead head, Admitted admitted, Clock::time_point began);
  net::awaitable<Response> answer(service::PeerRequest request);
  net::awaitable<Next> refuse(Refused refused, Next after);
  net::awaitable<Next> send(const Response& response, Next after);
  net::awaitable<void> linger();
  void expires_after(std::chrono::milliseconds time) { channel_.expires_at(Clock::now() + time); }

  Channel channel_;
  RequestReader reader_{channel_};
  const Inbound& inbound_;
  bool leaving_ = false;
  bool between_calls_ = false;
};

net::awaitable<void> InboundSession::run() {
  if (inbound_.tls && !co_await handshake()) co_return;
  auto next = Next::another_call;
  while (next == Next::another_call) next = co_await exchange();
  if (next == Next::close) co_await linger();
}

void InboundSession::leave_soon() {
  leaving_ = true;
  if (between_calls_) channel_.close();
}

net::awaitable<bool> InboundSession::handshake() {
  expires_after(inbound_.deadlines.handshake);
  const auto from = channel_.address_of_peer();
  const auto error = co_await channel_.secure_as_server(*inbound_.tls);
  if (!error) co_return true;
  const auto why = channel_.expired() ? "not in time" : error.message();
  inbound_.log.write(LogLevel::warning, "peer-handshake-failed", {{"from", from}, {"why", why}});
  if (!channel_.expired()) co_await linger();
  co_return false;
}

net::awaitable<Next> InboundSession::exchange() {
  expires_after(inbound_.deadlines.idle);
  between_calls_ = true;
  const bool begins = !leaving_ && co_await reader_.begins();
  between_calls_ = false;
  if (!begins) co_return Next::gone;

  expires_after(inbound_.deadlines.head);
  const auto began = Clock::now();
  auto read = co_await reader_.head();
  if (std::holds_alternative<Gone>(read)) co_return Next::gone;
  if (const auto* refusal = std::get_if<wire::HeadRefusal>(&read)) {
    co_return co_await refuse(refused(*refusal), Next::close);
  }
  auto& head = std::get<RequestHead>(read);
  const auto proves = [this](const Domain& domain) {
    if (!inbound_.tls) return true;
    auto* const certificate = channel_.certificate_of_peer();
    return certificate && certificate_names(*certificate, domain);
  };
  auto admitted = admit(head, inbound_.peers, proves);
  if (!admitted) {
    // Its body is not read, so nobody knows where the next call would begin.
    const bool stays = head.framing.keep_alive && !has_body(head.framing);
    co_return co_await refuse(refused(admitted.error()), stays ? Next::another_call : Next::close);
  }
  co_return co_await serve(std::move(head), *std::move(admitted), began);
}

net::awaitable<Next> InboundSession::serve(RequestHead head, Admitted admitted,
                                           Clock::time_point began) {
  constexpr auto bytes_max = twostep::limits::peer_body_bytes_max;
  expires_after(
      time_for(head.framing.content_length.value_or(bytes_max), inbound_.deadlines.transfer));
  auto body = co_await reader_.body(bytes_max);
  if (std::holds_alternative<Gone>(body)) co_return Next::gone;
  if (const auto* refusal = std::get_if<wire::HeadRefusal>(&body)) {
    co_return co_await refuse(refused(*refusal), Next::close);
  }
  channel_.expires_at(Clock::time_point::max());
  const auto path = "/federation/" + admitted.component + '/' + admitted.rpc;
  const auto origin = admitted.origin.text();
  service::PeerRequest request{.origin = std::move(admitted.origin),
                               .component = std::move(admitted.component),
                               .rpc = std::move(admitted.rpc),
                               .body = std::move(std::get<std::string>(body))};
  const auto response = co_await answer(std::move(request));
  const auto after = head.framing.keep_alive ? Next::another_call : Next::close;
  // A name that nobody has is whatever the caller made up: it must not make a new series.
  const std::string_view route = response.status == 404 ? any_path : std::string_view{path};
  inbound_.metrics.answered("POST", route, response.status, Clock::now() - began);
  if (response.status != 200) {
    inbound_.log.write(LogLevel::warning, "peer-refused",
                       {{"origin", origin}, {"route", route}, {"status", response.status}});
  }
  co_return co_await send(response, after);
}

net::awaitable<Response> InboundSession::answer(service::PeerRequest request) {
  const auto origin = request.origin.text();
  const auto rpc = request.rpc;
  std::string type = "not an exception class";
  try {
    auto answered = co_await inbound_.answer(std::move(request));
    if (!answered.remark.empty()) {
      inbound_.log.write(LogLevel::warning, "peer-ignored",
                         {{"origin", origin}, {"rpc", rpc}, {"why", answered.remark}});
    }
    co_return Response{.status = answered.status, .body = std::move(answered.body)};
  } catch (const std::exception& error) {
    type = boost::core::demangle(typeid(error).name());
  } catch (...) {
    // It is said below.
  }
  inbound_.log.write(LogLevel::error, "handler-failed", {{"rpc", rpc}, {"exception", type}});
  co_return refused(Refusal{Reason::internal}).response;
}

net::awaitable<Next> InboundSession::refuse(Refused refused, Next after) {
  inbound_.metrics.answered("POST", any_path, refused.response.status, {});
  const auto from = channel_.address_of_peer();
  inbound_.log.write(LogLevel::warning, "peer-refused",
                     {{"from", from}, {"status", refused.response.status}, {"why", refused.why}});
  co_return co_await send(refused.response, after);
}

net::awaitable<Next> InboundSession::send(const Response& response, Next after) {
  const bool is_old = Clock::now() - channel_.made() > limits::connection_age_max;
  if (leaving_ || is_old) after = Next::close;
  const auto head = server::response_head(
      response, response.body.size(),
      {.stays = after == Next::another_call,
       .idle = std::chrono::floor<std::chrono::seconds>(inbound_.deadlines.idle / 2)},
      std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
  expires_after(time_for(response.body.size(), inbound_.deadlines.transfer));
  const auto error = co_await channel_.write(head, response.body);
  co_return error ? Next::gone : after;
}

net::awaitable<void> InboundSession::linger() {
  expires_after(server::limits::linger_deadline);
  co_await channel_.linger(server::limits::linger_bytes_max);
}

}  // namespace

net::awaitable<void> serve_peer(net::ip::tcp::socket socket, const Inbound& inbound,
                                server::Sessions::Seat& seat) {
  const auto strand = socket.get_executor();
  const auto session = std::make_shared<InboundSession>(std::move(socket), inbound);
  seat.when_asked([weak = std::weak_ptr{session}, strand] {
    net::post(strand, [weak] {
      if (const auto asked = weak.lock()) asked->leave_soon();
    });
  });
  co_await session->run();
}

}  // namespace twostep::federation
