#pragma once

#include "impl/service/ports.hpp"

/// Randomness from the operating system, fit for keys.
///
/// Threads    Any.
namespace twostep::app {

class SystemEntropy : public service::Entropy {
 public:
  SystemEntropy();
  void fill(std::span<std::uint8_t> bytes) override;
};

}  // namespace twostep::app
