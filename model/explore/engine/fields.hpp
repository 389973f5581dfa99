#pragma once

#include <concepts>
#include <cstddef>
#include <cstdlib>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

/// The fields of an aggregate, without a line in its own type.
///
/// Limits     At most 16 fields, no base class, no built-in array (`std::array` is fine). Anything else
///            does not compile; it is never half taken apart.
namespace twostep::model::explore {

namespace fields_detail {

struct Anything {
  template <class T>
  operator T() const {
    std::abort();  // Only ever named, to count fields.
  }
};

template <class T, std::size_t... I>
constexpr bool takes(std::index_sequence<I...>) {
  return requires { T{((void)I, Anything{})...}; };
}

template <class T, std::size_t n = 16>
constexpr std::size_t field_count() {
  static_assert(n > 0, "not an aggregate with 1 to 16 fields");
  if constexpr (takes<T>(std::make_index_sequence<n>{})) {
    return n;
  } else {
    return field_count<T, n - 1>();
  }
}

}  // namespace fields_detail

/// References to the fields of `value`, in their order.
template <class T>
auto fields(T& value) {
  constexpr auto count = fields_detail::field_count<std::remove_const_t<T>>();
  if constexpr (count == 16) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = value;
    return std::tie(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p);
  } else if constexpr (count == 15) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o] = value;
    return std::tie(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o);
  } else if constexpr (count == 14) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n] = value;
    return std::tie(a, b, c, d, e, f, g, h, i, j, k, l, m, n);
  } else if constexpr (count == 13) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m] = value;
    return std::tie(a, b, c, d, e, f, g, h, i, j, k, l, m);
  } else if constexpr (count == 12) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l] = value;
    return std::tie(a, b, c, d, e, f, g, h, i, j, k, l);
  } else if constexpr (count == 11) {
    auto& [a, b, c, d, e, f, g, h, i, j, k] = value;
    return std::tie(a, b, c, d, e, f, g, h, i, j, k);
  } else if constexpr (count == 10) {
    auto& [a, b, c, d, e, f, g, h, i, j] = value;
    return std::tie(a, b, c, d, e, f, g, h, i, j);
  } else if constexpr (count == 9) {
    auto& [a, b, c, d, e, f, g, h, i] = value;
    return std::tie(a, b, c, d, e, f, g, h, i);
  } else if constexpr (count == 8) {
    auto& [a, b, c, d, e, f, g, h] = value;
    return std::tie(a, b, c, d, e, f, g, h);
  } else if constexpr (count == 7) {
    auto& [a, b, c, d, e, f, g] = value;
    return std::tie(a, b, c, d, e, f, g);
  } else if constexpr (count == 6) {
    auto& [a, b, c, d, e, f] = value;
    return std::tie(a, b, c, d, e, f);
  } else if constexpr (count == 5) {
    auto& [a, b, c, d, e] = value;
    return std::tie(a, b, c, d, e);
  } else if constexpr (count == 4) {
    auto& [a, b, c, d] = value;
    return std::tie(a, b, c, d);
  } else if constexpr (count == 3) {
    auto& [a, b, c] = value;
    return std::tie(a, b, c);
  } else if constexpr (count == 2) {
    auto& [a, b] = value;
    return std::tie(a, b);
  } else if constexpr (count == 1) {
    auto& [a] = value;
    return std::tie(a);
  }
}

/// Elements that come one after another, and can be put in at the end: vectors, strings, sets, maps.
template <class T>
concept Container = requires(T value, typename T::value_type element) {
  value.size();
  value.insert(value.end(), element);
};

template <class T>
concept Optional = requires(T value, typename T::value_type held) {
  value.has_value();
  value.emplace(held);
};

template <class T>
concept Variant = requires(T value) {
  std::variant_size<T>::value;
  value.index();
};

}  // namespace twostep::model::explore
