#include "impl/service/accounts.hpp"

#include <algorithm>
#include <utility>

#include "impl/service/ask_peers.hpp"
#include "impl/service/change.hpp"
#include "impl/service/peer_calls.hpp"
#include "impl/store/accounts.hpp"

namespace twostep::service {

namespace net = boost::asio;

namespace {

using Questions = std::vector<Asked<std::vector<UserId>, std::vector<Profile>>>;

net::awaitable<Result<FoundUsers>> find_users_here(Backend& backend,
                                                   const std::vector<QualifiedUser>& users) {
  co_return co_await look(backend, [&](const store::Reader& rows) -> Result<FoundUsers> {
    FoundUsers answer;
    for (const auto& user : users) {
      if (user.domain != backend.domain) continue;
      if (const auto account = store::find_account(rows, user.id)) {
        answer.found.push_back(profile_of(*account, backend.domain));
      } else {
        answer.not_found.push_back(user);
      }
    }
    return answer;
  });
}

/// What one backend says, sorted into the answer.
void take_over(FoundUsers& answer, Questions::value_type& asked) {
  for (const auto& user : asked.question) {
    const QualifiedUser name{asked.peer, user};
    if (!asked.answer) {
      answer.failed.push_back(name);
      continue;
    }
    const auto profile = std::find_if(asked.answer->begin(), asked.answer->end(),
                                      [&](const Profile& each) { return each.user == name; });
    if (profile == asked.answer->end()) {
      answer.not_found.push_back(name);
    } else {
      answer.found.push_back(*profile);
    }
  }
}

}  // namespace

net::awaitable<Result<Account>> find_account(Backend& backend, UserId user) {
  co_return co_await look(backend, [&](const store::Reader& rows) -> Result<Account> {
    if (auto account = store::find_account(rows, user)) return *std::move(account);
    return Refusal{Reason::not_found};
  });
}

net::awaitable<Result<Profile>> find_user(Backend& backend, QualifiedUser user) {
  if (user.domain == backend.domain) {
    const auto account = co_await find_account(backend, user.id);
    if (!account) co_return account.error();
    co_return profile_of(*account, backend.domain);
  }
  std::vector<UserId> one{user.id};
  auto answer = co_await get_users_by_ids(backend, user.domain, std::move(one));
  if (!answer) co_return answer.error();
  for (auto& profile : *answer)
    if (profile.user == user) co_return std::move(profile);
  co_return Refusal{Reason::not_found};
}

net::awaitable<Result<FoundUsers>> find_users(Backend& backend, std::vector<QualifiedUser> users) {
  auto answer = co_await find_users_here(backend, users);
  if (!answer) co_return answer;
  auto questions = questions_about<std::vector<Profile>>(users, backend.domain);
  co_await ask_all(backend, questions, get_users_by_ids);
  for (auto& asked : questions) take_over(*answer, asked);
  co_return answer;
}

net::awaitable<Result<FoundUsers>> find_users_by_handle(Backend& backend,
                                                        std::vector<Qualified<Handle>> handles) {
  co_return co_await look(backend, [&](const store::Reader& rows) -> Result<FoundUsers> {
    FoundUsers answer;
    for (const auto& handle : handles) {
      if (handle.domain != backend.domain) continue;
      const auto user = store::user_named(rows, handle.id);
      if (!user) continue;
      if (const auto account = store::find_account(rows, *user))
        answer.found.push_back(profile_of(*account, backend.domain));
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
  const auto account = co_await find_account(backend, user);
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
