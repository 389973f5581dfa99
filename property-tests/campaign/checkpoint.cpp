#include "property-tests/campaign/checkpoint.hpp"

#include <fstream>
#include <map>
#include <string>

namespace twostep::properties {
namespace {

/// Calls `each(name, number)` for everything that is kept.
template <class Checkpoint, class Each>
void visit(Checkpoint& checkpoint, Each each) {
  auto& totals = checkpoint.totals;
  each("first seed", checkpoint.first_seed);
  each("next seed", checkpoint.next_seed);
  each("runs", totals.runs);
  each("messages", totals.messages);
  each("notifications", totals.notifications);
  each("tasks", totals.steps);
  each("hash", totals.hash);
  for (std::size_t i = 0; i < situations; ++i)
    each(name_of(static_cast<Situation>(i)), totals.coverage.counts[i]);
  for (std::size_t i = 0; i < rules; ++i)
    each(name_of(static_cast<Rule>(i)), totals.judged.counts[i]);
}

}  // namespace

void save(const Checkpoint& checkpoint, const std::filesystem::path& file) {
  auto next = file;
  next += ".new";
  {
    std::ofstream out{next};
    visit(checkpoint, [&](std::string_view name, std::uint64_t number) {
      out << number << ' ' << name << '\n';
    });
  }
  std::filesystem::rename(next, file);
}

std::optional<Checkpoint> load(const std::filesystem::path& file) {
  std::ifstream in{file};
  std::map<std::string, std::uint64_t, std::less<>> numbers;
  std::uint64_t number = 0;
  for (std::string name; in >> number && in.get() && std::getline(in, name);)
    numbers[name] = number;
  if (!numbers.contains("next seed")) return std::nullopt;
  Checkpoint checkpoint;
  visit(checkpoint, [&](std::string_view name, std::uint64_t& kept) {
    if (const auto found = numbers.find(name); found != numbers.end()) kept = found->second;
  });
  return checkpoint;
}

}  // namespace twostep::properties
