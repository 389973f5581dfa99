#pragma once

#include <chrono>

#include "impl/service/ports.hpp"

/// The wall clock of this machine.
namespace twostep::app {

class SystemClock final : public service::Clock {
 public:
  Instant now() const override {
    return std::chrono::floor<Ticks>(std::chrono::system_clock::now());
  }
};

}  // namespace twostep::app
