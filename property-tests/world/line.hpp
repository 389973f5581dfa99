#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "property-tests/world/scheduler.hpp"

/// A simulated websocket between a device and a node, as both ends see it.
///
/// Frames arrive in the order in which they were written, and when an end goes away, what is on the way is
/// lost.
namespace twostep::properties {

struct Line {
  /// The device's end. Called when it happens there.
  std::function<void()> opened;
  std::function<void(const std::string& frame)> received;
  std::function<void()> closed;
  std::function<void()>
      left;  ///< Nothing is left of it at the node; whoever has hung up is told, too.

  bool gone = false;  ///< The device has hung up.
  Task wake;          ///< The node's end sleeps until this.
  Ticks slowness{0};  ///< How long the device takes to read one frame, at most.
};

}  // namespace twostep::properties
