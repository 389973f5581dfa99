#include "impl/app/passwords.hpp"

#include <sodium.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>

namespace twostep::app {
namespace {

/// Waiting or being computed. At 30 ms each on two threads the last one waits about two seconds,
/// which is as long as somebody who logs in may be asked to; memory is bound by the threads.
constexpr std::size_t waiting_max = 128;

static_assert(password_cost_for_tests.memory_bytes >= crypto_pwhash_argon2id_MEMLIMIT_MIN);
static_assert(password_cost_for_tests.passes >= crypto_pwhash_argon2id_OPSLIMIT_MIN);

/// Gives a place in the queue back, however the wait for it ended.
class Place {
 public:
  explicit Place(std::atomic<std::size_t>& waiting) : waiting_{waiting} { ++waiting_; }
  ~Place() { --waiting_; }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

 private:
  std::atomic<std::size_t>& waiting_;
};

}  // namespace

Argon2Passwords::Argon2Passwords(PasswordCost cost, std::size_t threads)
    : cost_{cost}, pool_{threads} {
  if (sodium_init() < 0) throw std::runtime_error{"libsodium cannot be initialised"};
}

Argon2Passwords::~Argon2Passwords() { pool_.join(); }

// A closure that holds more than references has a name here: GCC 12 destroys such temporaries of a
// `co_await` twice (GCC bug 99576).
template <class T>
boost::asio::awaitable<Result<T>> Argon2Passwords::on_pool(std::function<Result<T>()> compute) {
  // Two that arrive together may both see the last place; one too many does no harm.
  if (waiting_ >= waiting_max) co_return Refusal{Reason::too_busy};
  const Place place{waiting_};
  auto computation = [compute = std::move(compute)]() -> boost::asio::awaitable<Result<T>> {
    co_return compute();
  };
  co_return co_await boost::asio::co_spawn(pool_, std::move(computation),
                                           boost::asio::use_awaitable);
}

boost::asio::awaitable<Result<std::string>> Argon2Passwords::hash(std::string password) {
  std::function<Result<std::string>()> compute =
      [this, password = std::move(password)]() -> Result<std::string> {
    std::array<char, crypto_pwhash_STRBYTES> text{};
    if (crypto_pwhash_str_alg(text.data(), password.data(), password.size(), cost_.passes,
                              cost_.memory_bytes, crypto_pwhash_ALG_ARGON2ID13) != 0)
      return Refusal{Reason::too_busy, "no memory for hashing a password"};
    return std::string{text.data()};
  };
  co_return co_await on_pool(std::move(compute));
}

boost::asio::awaitable<Result<bool>> Argon2Passwords::matches(std::string password,
                                                              std::string hash) {
  std::function<Result<bool>()> compute = [password = std::move(password),
                                           hash = std::move(hash)]() -> Result<bool> {
    return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
  };
  co_return co_await on_pool(std::move(compute));
}

}  // namespace twostep::app
