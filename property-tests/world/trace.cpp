#include "property-tests/world/trace.hpp"

#include <algorithm>
#include <cstring>

namespace twostep::properties {

void Trace::step(Ticks now, std::uint64_t what) {
  ++steps_;
  mix(static_cast<std::uint64_t>(now.count()));
  mix(what);
}

std::uint64_t Trace::tell(Ticks now, std::string_view who, std::string_view what) {
  mix(static_cast<std::uint64_t>(now.count()));
  mix(who);
  mix(what);
  if (keep_) {
    auto line = text_of(now);
    line.insert(0, 16 - std::min<std::size_t>(16, line.size()), ' ');
    line.append("  ").append(who);
    line.append(14 - std::min<std::size_t>(14, who.size()), ' ');
    lines_.push_back(std::move(line.append(" ").append(what)));
  }
  return ++told_;
}

void Trace::mix(std::uint64_t value) {
  hash_ = (hash_ ^ value) * 0x9e3779b97f4a7c15;
  hash_ ^= hash_ >> 32;
}

void Trace::mix(std::string_view text) {
  mix(text.size());
  for (; text.size() >= 8; text.remove_prefix(8)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), 8);
    mix(word);
  }
  std::uint64_t rest = 0;
  if (!text.empty()) std::memcpy(&rest, text.data(), text.size());
  mix(rest);
}

std::string text_of(Ticks time) {
  const auto ticks = time.count();
  auto fraction = std::to_string(10'000'000 + ticks % 10'000'000).substr(1);
  while (fraction.size() > 3 && fraction.back() == '0') fraction.pop_back();
  return std::to_string(ticks / 10'000'000) + "." + fraction + " s";
}

}  // namespace twostep::properties
