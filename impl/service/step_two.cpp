#include "impl/service/step_two.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <string>
#include <utility>
#include <vector>

#include "impl/service/change.hpp"
#include "impl/service/limits.hpp"
#include "impl/store/push_tokens.hpp"
#include "impl/wire/json_text.hpp"

namespace twostep::service {
namespace {

/// The tokens of a client, but for those registered on the connection that caused the notification.
std::vector<PushToken> tokens_to_notify(const store::Reader& reader, const UserId& user,
                                        ClientId client, ConnectionId origin) {
  auto tokens = store::push_tokens(reader, user);
  std::erase_if(tokens, [&](const PushToken& token) {
    return token.client != client || token.registered_on == origin;
  });
  return tokens;
}

std::string push_remove_event(const PushToken& token) {
  std::string event = R"({"type":"user.push-remove","token":{"transport":)";
  wire::append_json_string(event, token.transport);
  event += R"(,"app":)";
  wire::append_json_string(event, token.app);
  event += R"(,"token":)";
  wire::append_json_string(event, token.token);
  event += R"(,"client":)";
  wire::append_json_string(event, token.client.text());
  event += "}}";
  return event;
}

boost::asio::awaitable<void> remove_dead(Backend& backend, UserId user, PushToken dead) {
  const auto removed = co_await change(
      backend, [&](store::Transaction& transaction, Events& events) -> Result<void> {
        if (!store::remove_dead_push_token(transaction, user, dead)) return Result<void>{};
        events.add(transaction, {.user = user,
                                 .targets = {dead.client},
                                 .origin = {},
                                 .event = push_remove_event(dead)});
        return Result<void>{};
      });
  // A token that could not be removed now is found dead again by the next notice.
  static_cast<void>(removed);
}

}  // namespace

StepTwo::StepTwo(const boost::asio::any_io_executor& executor, const Sockets& sockets,
                 PushGateway& gateway)
    : sockets_{sockets}, gateway_{gateway}, queue_{executor, limits::pushes_waiting_max} {}

void StepTwo::offer(const Doorbell& doorbell) {
  for (const auto client : doorbell.targets) {
    if (sockets_.online(doorbell.user, client)) continue;
    const Offer offer{.user = doorbell.user,
                      .client = client,
                      .origin = doorbell.origin,
                      .id = doorbell.id,
                      .high_priority = doorbell.high_priority};
    if (!queue_.try_send(boost::system::error_code{}, offer)) ++dropped_;
  }
}

boost::asio::awaitable<void> StepTwo::work(Backend& backend) {
  constexpr auto quietly = boost::asio::as_tuple(boost::asio::use_awaitable);
  for (;;) {
    const auto [closed, offer] = co_await queue_.async_receive(quietly);
    if (closed || stopped_) co_return;
    co_await notify(backend, *offer);
  }
}

void StepTwo::stop() {
  stopped_ = true;
  queue_.close();
}

StepTwo::Counts StepTwo::counts() const {
  return {.accepted = accepted_, .dead = dead_, .failed = failed_, .dropped = dropped_};
}

boost::asio::awaitable<void> StepTwo::notify(Backend& backend, Offer offer) {
  const auto tokens = co_await look(backend, [&](const store::Reader& reader) {
    return Result<std::vector<PushToken>>{
        tokens_to_notify(reader, offer.user, offer.client, offer.origin)};
  });
  if (!tokens) {
    count(PushAnswer::failed);
    co_return;
  }
  for (const auto& token : *tokens) {
    PushNotice notice{.transport = token.transport,
                      .app = token.app,
                      .token = token.token,
                      .high_priority = offer.high_priority,
                      .user = offer.user,
                      .client = offer.client,
                      .id = offer.id};
    const auto answer = co_await gateway_.notify(std::move(notice));
    count(answer);
    if (answer == PushAnswer::dead) co_await remove_dead(backend, offer.user, token);
  }
}

void StepTwo::count(PushAnswer answer) {
  switch (answer) {
    case PushAnswer::accepted:
      ++accepted_;
      return;
    case PushAnswer::dead:
      ++dead_;
      return;
    case PushAnswer::failed:
      ++failed_;
      return;
  }
}

}  // namespace twostep::service
