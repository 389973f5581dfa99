#include "property-tests/world/trace.hpp"

#include <algorithm>
#include <cstring>

namespace twostep::properties {

void Trace::step(Ticks now, std::uint64_t what) {
  ++steps_;
  mix(static_cast<std::uint64_t>(now.count()));
  mix(what);
}

std::uint64_t Trace::tell(Ticks now, model::Line line) {
  mix(static_cast<std::uint64_t>(now.count()));
  mix(static_cast<std::uint64_t>(line.kind));
  mix(line.from);
  mix(line.to);
  mix(line.text);
  if (keep_) lines_.push_back({now, std::move(line)});
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

std::string lane_of(const Domain& domain) {
  const char first = domain.text().front();
  return {static_cast<char>(first - 'a' + 'A')};
}

std::string text_of(const Told& told) {
  auto when = text_of(told.when);
  when.insert(0, 16 - std::min<std::size_t>(16, when.size()), ' ');
  return when + "  " + model::text(told.line);
}

std::string text_of(Ticks time) {
  const auto ticks = time.count();
  auto fraction = std::to_string(10'000'000 + ticks % 10'000'000).substr(1);
  while (fraction.size() > 3 && fraction.back() == '0') fraction.pop_back();
  return std::to_string(ticks / 10'000'000) + "." + fraction + " s";
}

}  // namespace twostep::properties
