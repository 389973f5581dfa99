#include "impl/service/push_tokens.hpp"

#include <algorithm>
#include <utility>

#include "impl/service/change.hpp"
#include "impl/service/limits.hpp"
#include "impl/store/clients.hpp"
#include "impl/store/push_tokens.hpp"

namespace twostep::service {

namespace net = boost::asio;

namespace {

bool same_place(const PushToken& left, const PushToken& right) {
  return left.client == right.client && left.transport == right.transport && left.app == right.app;
}

}  // namespace

net::awaitable<Result<void>> add_push_token(Backend& backend, Caller caller, PushToken token) {
  token.registered_on = caller.connection;
  co_return co_await change(backend, [&](store::Transaction& rows, Events&) -> Result<void> {
    if (!store::has_client(rows, caller.user, token.client))
      return Refusal{Reason::client_not_found};
    const auto held = store::push_tokens(rows, caller.user);
    const bool replaces = std::any_of(
        held.begin(), held.end(), [&](const PushToken& other) { return same_place(other, token); });
    if (!replaces && held.size() >= limits::push_tokens_per_user_max)
      return Refusal{Reason::metadata_too_long, "Too many push tokens"};
    store::put_push_token(rows, caller.user, token);
    return {};
  });
}

net::awaitable<Result<std::vector<PushToken>>> list_push_tokens(Backend& backend, UserId user) {
  co_return co_await look(backend,
                          [&](const store::Reader& rows) -> Result<std::vector<PushToken>> {
                            return store::push_tokens(rows, user);
                          });
}

net::awaitable<Result<void>> remove_push_token(Backend& backend, UserId user, std::string token) {
  co_return co_await change(backend, [&](store::Transaction& rows, Events&) -> Result<void> {
    if (store::remove_push_token(rows, user, token) == 0) return Refusal{Reason::not_found};
    return {};
  });
}

}  // namespace twostep::service
