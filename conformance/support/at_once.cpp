#include "conformance/support/at_once.hpp"

#include <exception>
#include <mutex>
#include <thread>

namespace twostep::conformance {

void at_once(const std::vector<std::function<void()>>& actions) {
  std::mutex mutex;
  std::exception_ptr first;
  {
    std::vector<std::jthread> threads;
    for (const auto& action : actions) {
      threads.emplace_back([&] {
        try {
          action();
        } catch (...) {
          const std::lock_guard lock{mutex};
          if (!first) first = std::current_exception();
        }
      });
    }
  }
  if (first) std::rethrow_exception(first);
}

}  // namespace twostep::conformance
