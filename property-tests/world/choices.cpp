#include "property-tests/world/choices.hpp"

#include <cassert>

namespace twostep::properties {

std::uint64_t Random::next() {
  std::uint64_t mixed = state_ += 0x9e3779b97f4a7c15;
  mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
  return mixed ^ mixed >> 31;
}

std::uint64_t stream_seed(std::uint64_t seed, std::string_view purpose, std::uint64_t part) {
  Random mixer{seed};
  std::uint64_t stream = mixer.next();
  for (const char letter : purpose)
    stream = Random{stream ^ static_cast<unsigned char>(letter)}.next();
  return Random{stream + part}.next();
}

std::uint32_t Choices::below(std::uint32_t bound) {
  assert(bound > 0);
  if (repeats_) {
    const auto place = taken_.size();
    return note(place < given_.size() ? given_[place] % bound : 0);
  }
  return note(static_cast<std::uint32_t>((random_.next() >> 32) * bound >> 32));
}

bool Choices::chance(std::uint32_t of_thousand) {
  if (of_thousand == 0) return false;  // What cannot happen is not written down.
  if (repeats_) return below(2) == 1;
  return note((random_.next() >> 32) * 1000 >> 32 < of_thousand ? 1 : 0) == 1;
}

std::uint32_t Choices::note(std::uint32_t value) {
  taken_.push_back(value);
  return value;
}

}  // namespace twostep::properties
