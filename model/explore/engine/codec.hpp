#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "model/explore/engine/fields.hpp"

/// Plain values to bytes and back, without a line in the value's own type.
///
/// Shape      What is nothing but its own bytes (integers, enums, structs of them without padding) as
///            it lies in memory; strings, vectors, sets and maps as a count and their elements;
///            optionals and variants as an index and the value; aggregates field by field. Equal values
///            have equal bytes, and different values of one type different bytes.
/// Limits     No pointers or views; those of `fields.hpp`; 2^32 - 1 elements in a container.
/// Errors     Only what `encode` wrote may be decoded; anything else is a bug and is asserted.
/// Threads    Plain values.
namespace twostep::model::explore {

using Bytes = std::string;

/// A value that is nothing but its own bytes. What has `data()` may only point to them.
template <class T>
concept Flat = std::is_trivially_copyable_v<T> && std::has_unique_object_representations_v<T> &&
               !std::is_pointer_v<T> &&
               !requires(T value) {
  value.data();
};

template <class T>
void encode(const T& value, Bytes& to);

template <class T>
T decode(std::string_view& from);

namespace codec_detail {

template <class T>
inline constexpr bool is_pair = false;
template <class First, class Second>
inline constexpr bool is_pair<std::pair<First, Second>> = true;

template <class T>
inline constexpr bool is_array = false;
template <class Element, std::size_t n>
inline constexpr bool is_array<std::array<Element, n>> = true;

/// A map's element can be read only if its key is not const.
template <class T>
struct Readable {
  using type = T;
};
template <class Key, class Value>
struct Readable<std::pair<const Key, Value>> {
  using type = std::pair<Key, Value>;
};

inline void encode_count(std::size_t count, Bytes& to) {
  constexpr std::size_t wide = 255;
  if (count < wide) return to.push_back(static_cast<char>(count));
  assert(count <= std::numeric_limits<std::uint32_t>::max());
  to.push_back(static_cast<char>(wide));
  encode(static_cast<std::uint32_t>(count), to);
}

inline std::size_t decode_count(std::string_view& from) {
  const auto narrow = decode<std::uint8_t>(from);
  return narrow < 255 ? narrow : decode<std::uint32_t>(from);
}

template <class T, std::size_t... I>
T decode_alternative(std::string_view& from, std::index_sequence<I...>) {
  const auto index = decode<std::uint8_t>(from);
  T value;
  const bool found =
      ((index == I &&
        (value.template emplace<I>(decode<std::variant_alternative_t<I, T>>(from)), true)) ||
       ...);
  assert(found);
  (void)found;
  return value;
}

}  // namespace codec_detail

/// Appends the bytes of `value`.
template <class T>
void encode(const T& value, Bytes& to) {
  if constexpr (Flat<T>) {
    const auto before = to.size();
    to.resize(before + sizeof(T));
    std::memcpy(to.data() + before, &value, sizeof(T));
  } else if constexpr (codec_detail::is_pair<T>) {
    encode(value.first, to);
    encode(value.second, to);
  } else if constexpr (codec_detail::is_array<T>) {
    for (const auto& element : value) encode(element, to);
  } else if constexpr (Container<T>) {
    codec_detail::encode_count(value.size(), to);
    for (const auto& element : value) {
      encode<typename codec_detail::Readable<typename T::value_type>::type>(element, to);
    }
  } else if constexpr (Optional<T>) {
    encode(value.has_value(), to);
    if (value) encode(*value, to);
  } else if constexpr (Variant<T>) {
    to.push_back(static_cast<char>(value.index()));
    std::visit([&to](const auto& held) { encode(held, to); }, value);
  } else if constexpr (!std::is_empty_v<T>) {
    std::apply([&to](const auto&... field) { (encode(field, to), ...); }, fields(value));
  }
}

/// Takes a value off the front of `from`.
template <class T>
T decode(std::string_view& from) {
  if constexpr (Flat<T>) {
    assert(from.size() >= sizeof(T));
    T value;
    std::memcpy(&value, from.data(), sizeof(T));
    from.remove_prefix(sizeof(T));
    return value;
  } else if constexpr (codec_detail::is_pair<T>) {
    auto first = decode<typename T::first_type>(from);
    return {std::move(first), decode<typename T::second_type>(from)};
  } else if constexpr (codec_detail::is_array<T>) {
    T value;
    for (auto& element : value) element = decode<typename T::value_type>(from);
    return value;
  } else if constexpr (Container<T>) {
    T value;
    for (auto left = codec_detail::decode_count(from); left > 0; --left) {
      value.insert(value.end(),
                   decode<typename codec_detail::Readable<typename T::value_type>::type>(from));
    }
    return value;
  } else if constexpr (Optional<T>) {
    return decode<bool>(from) ? T{decode<typename T::value_type>(from)} : T{};
  } else if constexpr (Variant<T>) {
    return codec_detail::decode_alternative<T>(from,
                                               std::make_index_sequence<std::variant_size_v<T>>{});
  } else {
    T value{};
    if constexpr (!std::is_empty_v<T>) {
      std::apply(
          [&from](auto&... field) {
            ((field = decode<std::remove_reference_t<decltype(field)>>(from)), ...);
          },
          fields(value));
    }
    return value;
  }
}

/// The bytes of one value.
template <class T>
Bytes bytes_of(const T& value) {
  Bytes bytes;
  encode(value, bytes);
  return bytes;
}

}  // namespace twostep::model::explore
