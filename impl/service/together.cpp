#include "impl/service/together.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

namespace twostep::service {

namespace net = boost::asio;

net::awaitable<void> together(std::vector<net::awaitable<void>> tasks) {
  if (tasks.empty()) co_return;
  const auto executor = co_await net::this_coro::executor;
  using Task = decltype(net::co_spawn(executor, std::move(tasks.front()), net::deferred));
  std::vector<Task> started;
  started.reserve(tasks.size());
  for (auto& task : tasks)
    started.push_back(net::co_spawn(executor, std::move(task), net::deferred));
  auto group = net::experimental::make_parallel_group(std::move(started));
  const auto [order, failures] =
      co_await group.async_wait(net::experimental::wait_for_all(), net::use_awaitable);
  for (const auto& failure : failures)
    if (failure) std::rethrow_exception(failure);
}

}  // namespace twostep::service
