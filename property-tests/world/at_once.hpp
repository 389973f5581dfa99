#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <utility>

/// Runs a coroutine that waits for nothing of the simulated world, here and now.
///
/// Errors     Exceptions of the coroutine come out.
/// Threads    One.
namespace twostep::properties {

class AtOnce {
 public:
  template <class T>
  T operator()(boost::asio::awaitable<T> work) {
    std::optional<T> outcome;
    std::exception_ptr thrown;
    boost::asio::co_spawn(context_, std::move(work), [&](std::exception_ptr error, T value) {
      thrown = error;
      outcome.emplace(std::move(value));
    });
    context_.restart();
    context_.run();
    if (thrown) std::rethrow_exception(thrown);
    return std::move(*outcome);
  }

 private:
  boost::asio::io_context context_{1};
};

}  // namespace twostep::properties
