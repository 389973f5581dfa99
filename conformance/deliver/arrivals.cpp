#include "conformance/deliver/arrivals.hpp"

namespace twostep::conformance {

std::set<std::string> missing_after_reading(Socket& socket, std::set<std::string> bodies) {
  if (bodies.empty()) return bodies;
  socket.wait_for([&](const Frame& frame) {
    if (const auto notification = frame.notification()) {
      for (const auto& message : notification->messages()) bodies.erase(message.body);
    }
    return bodies.empty();
  });
  return bodies;
}

}  // namespace twostep::conformance
