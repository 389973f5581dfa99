#include "model/explore/engine/report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace twostep::model::explore {
namespace {

std::string grouped(std::uint64_t number) {
  auto digits = std::to_string(number);
  for (auto at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

template <class... Arguments>
std::string formatted(const char* format, Arguments... arguments) {
  char line[160];
  std::snprintf(line, sizeof line, format, arguments...);
  return line;
}

}  // namespace

double collision_probability(const Counts& counts) {
  const auto states = double(counts.states);
  return std::ldexp(states * std::max(states - 1, 0.0) / 2, -64);
}

std::string text(const Counts& counts) {
  const auto seconds = std::max(counts.seconds, 1e-6);
  auto lines = grouped(counts.states) + " states, " + grouped(counts.transitions) +
               " transitions, " + "depth " + grouped(counts.depth) + "\n";
  lines += formatted("%.2f s on %u thread%s: ", seconds, counts.threads,
                     counts.threads == 1 ? "" : "s") +
           grouped(std::uint64_t(double(counts.states) / seconds)) + " states/s, " +
           grouped(std::uint64_t(double(counts.transitions) / seconds)) + " transitions/s; " +
           formatted("%.1f MiB\n", std::ldexp(double(counts.memory_bytes), -20));
  lines += formatted("two states taken for one: probability at most %.1e\n",
                     collision_probability(counts));
  if (counts.waiting > 0)
    lines += grouped(counts.waiting) + " states were found but not looked behind\n";
  return lines;
}

}  // namespace twostep::model::explore
