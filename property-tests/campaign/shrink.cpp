#include "property-tests/campaign/shrink.hpp"

#include <algorithm>
#include <utility>

namespace twostep::properties {
namespace {

class Shrinker {
 public:
  Shrinker(Decisions failing, const std::function<bool(const Decisions&)>& fails,
           std::size_t attempts_max)
      : best_{std::move(failing)}, fails_{fails}, attempts_left_{attempts_max} {}

  Decisions result() && { return std::move(best_); }

  /// One round of everything. Whether anything became smaller.
  bool round() {
    bool smaller = drop_commands();
    for (const auto list : {&Decisions::schedule, &Decisions::network, &Decisions::nodes,
                            &Decisions::store, &Decisions::mix})
      smaller = flatten(best_.*list, [list](Decisions& d) -> Choices::List& { return d.*list; }) ||
                smaller;
    for (std::size_t i = 0; i < best_.commands.size(); ++i)
      smaller = flatten(best_.commands[i],
                        [i](Decisions& d) -> Choices::List& { return d.commands[i]; }) ||
                smaller;
    return smaller;
  }

 private:
  bool accept(Decisions candidate) {
    if (attempts_left_ == 0) return false;
    --attempts_left_;
    if (!fails_(candidate)) return false;
    best_ = std::move(candidate);
    return true;
  }

  // Half of them, a quarter, …, each single one, from the end.
  bool drop_commands() {
    bool smaller = false;
    for (auto size = std::max<std::size_t>(best_.commands.size() / 2, 1); size > 0; size /= 2) {
      for (auto end = best_.commands.size(); end >= size;) {
        auto candidate = best_;
        const auto last = candidate.commands.begin() + static_cast<std::ptrdiff_t>(end);
        candidate.commands.erase(last - static_cast<std::ptrdiff_t>(size), last);
        const bool gone = accept(std::move(candidate));
        smaller = gone || smaller;
        end = gone ? std::min(end - size, best_.commands.size()) : end - std::min(end, size);
      }
    }
    return smaller;
  }

  /// All of it to zero, or parts of it, or single numbers to half of what they are.
  template <class Which>
  bool flatten(const Choices::List& now, Which which) {
    auto size = now.size();
    while (size > 0 && now[size - 1] == 0) --size;
    if (size == 0) return false;
    bool smaller = false;
    for (auto part = size; part > 0; part = part > 16 ? part / 4 : part / 2)
      for (std::size_t from = 0; from < size; from += part)
        smaller = zero(which, from, std::min(from + part, size)) || smaller;
    for (std::size_t i = 0; i < size && size <= singles_max; ++i)
      while (halve(which, i)) smaller = true;
    return smaller;
  }

  template <class Which>
  bool zero(Which which, std::size_t from, std::size_t to) {
    auto candidate = best_;
    auto& list = which(candidate);
    to = std::min(to, list.size());
    bool changes = false;
    for (auto i = from; i < to; ++i) changes = std::exchange(list[i], 0) != 0 || changes;
    return changes && accept(std::move(candidate));
  }

  template <class Which>
  bool halve(Which which, std::size_t place) {
    auto candidate = best_;
    auto& list = which(candidate);
    if (place >= list.size() || list[place] == 0) return false;
    list[place] /= 2;
    return accept(std::move(candidate));
  }

  /// A list with more numbers than this is one of times and turns; they are only made zero.
  static constexpr std::size_t singles_max = 64;

  Decisions best_;
  const std::function<bool(const Decisions&)>& fails_;
  std::size_t attempts_left_;
};

}  // namespace

Decisions shrink(Decisions failing, const std::function<bool(const Decisions&)>& fails,
                 std::size_t attempts_max) {
  Shrinker shrinker{std::move(failing), fails, attempts_max};
  while (shrinker.round()) {
  }
  return std::move(shrinker).result();
}

}  // namespace twostep::properties
