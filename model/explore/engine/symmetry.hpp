#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>
#include <vector>

#include "model/explore/engine/codec.hpp"

/// Symmetry: states that differ only in the names of interchangeable things count as one.
///
/// A name is a type of its own (`enum class UserId : std::uint8_t`, say). `rename` replaces every such value
/// in a state, wherever it lies, also as a key. `least_renaming` is what a model's `canonical` can return: of
/// all states that permuting the names makes, the one with the least bytes. So it is the same for every
/// member of an orbit, and the explorer visits each orbit exactly once.
///
/// Errors     It is for the model to see that the names are interchangeable: that `next`, `finished`
///            and the properties, applied to the renamed state, give the renamed result. A vector that
///            is kept sorted has to be sorted again.
/// Threads    Pure functions.
namespace twostep::model::explore {

/// A type of which `To` says what it is renamed to.
template <class T, class To>
concept Renamed = requires(const To& to, const T& name) {
  { to(name) } -> std::same_as<T>;
};

/// Replaces each name in `value` by what `to` says: a function of the one type of names, or one that is
/// overloaded for several. What is inside a name is left alone.
template <class T, class To>
void rename(T& value, const To& to) {
  if constexpr (Renamed<T, To>) {
    value = to(value);
  } else if constexpr (codec_detail::is_pair<T>) {
    rename(value.first, to);
    rename(value.second, to);
  } else if constexpr (Container<T> && requires { typename T::key_type; }) {
    T after;
    for (const auto& before : value) {
      typename codec_detail::Readable<typename T::value_type>::type element = before;
      rename(element, to);
      after.insert(after.end(), std::move(element));
    }
    value = std::move(after);
  } else if constexpr (codec_detail::is_array<T> || Container<T>) {
    for (auto& element : value) rename(element, to);
  } else if constexpr (Optional<T>) {
    if (value) rename(*value, to);
  } else if constexpr (Variant<T>) {
    std::visit([&to](auto& held) { rename(held, to); }, value);
  } else if constexpr (std::is_aggregate_v<T> && !std::is_empty_v<T>) {
    std::apply([&to](auto&... field) { (rename(field, to), ...); }, fields(value));
  }
}

/// The renaming of `state` with the least bytes, over all permutations of `names` (in any order).
template <class Name, class State>
State least_renaming(const State& state, std::vector<Name> names) {
  std::sort(names.begin(), names.end());
  auto least = state;
  auto least_bytes = bytes_of(state);
  auto permuted = names;
  while (std::next_permutation(permuted.begin(), permuted.end())) {
    auto other = state;
    rename(other, [&](const Name& name) {
      const auto at = std::lower_bound(names.begin(), names.end(), name);
      return at != names.end() && *at == name ? permuted[std::size_t(at - names.begin())] : name;
    });
    auto other_bytes = bytes_of(other);
    if (other_bytes < least_bytes) {
      least = std::move(other);
      least_bytes = std::move(other_bytes);
    }
  }
  return least;
}

}  // namespace twostep::model::explore
