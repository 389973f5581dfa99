#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

/// Everything that is left to chance, from one seed: the same draws everywhere, whatever the standard
/// library.
namespace twostep::live {

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : engine_(seed) {}

  /// One of 0 … count - 1. Requires count > 0.
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(engine_() % count); }

  bool one_in(std::size_t count) { return below(count) == 0; }

  template <class Value>
  const Value& of(const std::vector<Value>& values) {
    return values[below(values.size())];
  }

  const char* word(std::initializer_list<const char*> words) {
    return *(words.begin() + below(words.size()));
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace twostep::live
