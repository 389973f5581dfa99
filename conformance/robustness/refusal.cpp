#include "conformance/robustness/refusal.hpp"

#include <cstdlib>

namespace twostep::conformance {

std::vector<int> statuses_in(const std::string& received) {
  const std::string begin = "HTTP/1.1 ";
  std::vector<int> statuses;
  for (auto at = received.find(begin); at != received.npos; at = received.find(begin, at + 1)) {
    statuses.push_back(std::atoi(received.c_str() + at + begin.size()));
  }
  return statuses;
}

::testing::AssertionResult refuses(RawSocket& socket) {
  const auto reply = socket.read_reply();
  if (reply.status >= 400 && reply.status < 500) return ::testing::AssertionSuccess();
  if (!reply.answered() && socket.ended()) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure()
         << "the backend goes on with " << ::testing::PrintToString(reply);
}

}  // namespace twostep::conformance
