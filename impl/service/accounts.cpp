#include "impl/service/accounts.hpp"

#include <utility>

#include "impl/service/change.hpp"
#include "impl/store/accounts.hpp"

namespace twostep::service {

namespace net = boost::asio;

net::awaitable<Result<Account>> find_user(Backend& backend, QualifiedUser user) {
  if (user.domain != backend.domain) co_return Refusal{Reason::federation_not_enabled};
  co_return co_await look(backend, [&](const store::Reader& rows) -> Result<Account> {
    if (auto account = store::find_account(rows, user.id)) return *std::move(account);
    return Refusal{Reason::not_found};
  });
}

net::awaitable<Result<FoundUsers>> find_users(Backend& backend, std::vector<QualifiedUser> users) {
  co_return co_await look(backend, [&](const store::Reader& rows) -> Result<FoundUsers> {
    FoundUsers answer;
    for (const auto& user : users) {
      if (user.domain != backend.domain) {
        answer.failed.push_back(user);
      } else if (auto account = store::find_account(rows, user.id)) {
        answer.found.push_back(*std::move(account));
      } else {
        answer.not_found.push_back(user);
      }
    }
    return answer;
  });
}

net::awaitable<Result<FoundUsers>> find_users_by_handle(Backend& backend,
                                                        std::vector<Qualified<Handle>> handles) {
  co_return co_await look(backend, [&](const store::Reader& rows) -> Result<FoundUsers> {
    FoundUsers answer;
    for (const auto& handle : handles) {
      if (handle.domain != backend.domain) continue;
      const auto user = store::user_named(rows, handle.id);
      if (!user) continue;
      if (auto account = store::find_account(rows, *user))
        answer.found.push_back(*std::move(account));
    }
    return answer;
  });
}

net::awaitable<Result<void>> choose_handle(Backend& backend, UserId user, Handle handle) {
  co_return co_await change(backend, [&](store::Transaction& rows, Events&) -> Result<void> {
    const auto holder = store::user_named(rows, handle);
    if (holder && *holder != user) return Refusal{Reason::handle_exists};
    auto account = store::find_account(rows, user);
    if (!account) return Refusal{Reason::not_found};
    account->handle = handle;
    store::put_account(rows, *account);
    return {};
  });
}

net::awaitable<Result<void>> authenticate(Backend& backend, UserId user,
                                          std::optional<std::string> password) {
  const QualifiedUser name{backend.domain, user};
  const auto account = co_await find_user(backend, name);
  if (!account) co_return account.error();
  if (account->password_hash.empty()) co_return Result<void>{};
  if (!password) co_return Refusal{Reason::missing_auth};
  const auto matches =
      co_await backend.passwords.matches(*std::move(password), account->password_hash);
  if (!matches) co_return matches.error();
  if (!*matches) co_return Refusal{Reason::invalid_credentials};
  co_return Result<void>{};
}

}  // namespace twostep::service
