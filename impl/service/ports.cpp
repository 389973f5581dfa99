#include "impl/service/ports.hpp"

#include <cstring>

namespace twostep::service {

std::uint64_t Entropy::number() {
  std::array<std::uint8_t, sizeof(std::uint64_t)> bytes{};
  fill(bytes);
  std::uint64_t value = 0;
  std::memcpy(&value, bytes.data(), bytes.size());
  return value;
}

Uuid Entropy::uuid() {
  Uuid::Octets octets{};
  fill(octets);
  return Uuid::random(octets);
}

}  // namespace twostep::service
