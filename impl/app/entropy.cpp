#include "impl/app/entropy.hpp"

#include <sodium.h>

#include <stdexcept>

namespace twostep::app {

SystemEntropy::SystemEntropy() {
  if (sodium_init() < 0) throw std::runtime_error{"libsodium cannot be initialised"};
}

void SystemEntropy::fill(std::span<std::uint8_t> bytes) {
  randombytes_buf(bytes.data(), bytes.size());
}

}  // namespace twostep::app
