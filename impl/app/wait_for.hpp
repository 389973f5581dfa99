#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <optional>
#include <utility>

namespace twostep::app {

/// Runs a coroutine on a context that other threads run, and waits for it here. For the thread that
/// starts and ends the process, which has nothing else to do.
template <class T>
T wait_for(boost::asio::io_context& context, boost::asio::awaitable<T> coroutine) {
  std::optional<T> outcome;
  auto keep = [&]() -> boost::asio::awaitable<void> {
    outcome.emplace(co_await std::move(coroutine));
  };
  boost::asio::co_spawn(context, keep, boost::asio::use_future).get();
  return std::move(*outcome);
}

}  // namespace twostep::app
