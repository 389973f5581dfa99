#pragma once

#include <boost/asio/awaitable.hpp>
#include <vector>

/// Several waits at once.
///
/// Threads    All tasks run on the executor of the one who waits, so on its strand if it has one.
namespace twostep::service {

/// Starts all tasks and returns when all have ended. The first exception, if any, comes out then.
boost::asio::awaitable<void> together(std::vector<boost::asio::awaitable<void>> tasks);

}  // namespace twostep::service
