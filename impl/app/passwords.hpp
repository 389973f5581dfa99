#pragma once

#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <cstddef>
#include <functional>
#include <string>

#include "impl/service/ports.hpp"

/// Passwords by argon2id, computed on threads of their own, so that nobody who does not log in
/// waits for somebody who does.
///
/// Shape      The text that is kept is libsodium's `$argon2id$…`; it names its own cost, so the
/// cost
///            can be changed while old hashes go on working.
/// Errors     `too_busy` when as many are waiting as the bound allows; nothing was computed then.
/// Threads    Any thread may call. The coroutine goes on where it was.
/// Source     OWASP Password Storage Cheat Sheet, "Argon2id"; specs/08-robustness.md (ROB).
namespace twostep::app {

struct PasswordCost {
  std::size_t memory_bytes;
  unsigned long long passes;
};

/// OWASP's first recommendation: 19 MiB, two passes, one lane.
inline constexpr PasswordCost password_cost_default{19 * 1024 * 1024, 2};

/// The least that argon2id allows. For test rigs only, which register hundreds of users in seconds:
/// a stolen hash of this cost is guessed a thousand times faster.
inline constexpr PasswordCost password_cost_for_tests{8 * 1024, 1};

class Argon2Passwords : public service::Passwords {
 public:
  explicit Argon2Passwords(PasswordCost cost, std::size_t threads = 2);
  ~Argon2Passwords() override;

  boost::asio::awaitable<Result<std::string>> hash(std::string password) override;
  boost::asio::awaitable<Result<bool>> matches(std::string password, std::string hash) override;

 private:
  /// Runs on the pool, unless too much is waiting there.
  template <class T>
  boost::asio::awaitable<Result<T>> on_pool(std::function<Result<T>()> compute);

  const PasswordCost cost_;
  std::atomic<std::size_t> waiting_ = 0;
  boost::asio::thread_pool pool_;
};

}  // namespace twostep::app
