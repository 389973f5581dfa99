#pragma once

#include <algorithm>
#include <vector>

/// Sets as sorted vectors: what equal states are made of.
namespace twostep::model {

template <class T>
bool contains(const std::vector<T>& sorted, const T& value) {
  return std::binary_search(sorted.begin(), sorted.end(), value);
}

/// Inserts a value that may be there already; returns whether it was not.
template <class T>
bool insert(std::vector<T>& sorted, const T& value) {
  const auto at = std::lower_bound(sorted.begin(), sorted.end(), value);
  if (at != sorted.end() && *at == value) return false;
  sorted.insert(at, value);
  return true;
}

/// Removes a value that may not be there; returns whether it was.
template <class T>
bool remove(std::vector<T>& sorted, const T& value) {
  const auto at = std::lower_bound(sorted.begin(), sorted.end(), value);
  if (at == sorted.end() || *at != value) return false;
  sorted.erase(at);
  return true;
}

/// The element of a vector sorted by the given field, or nullptr.
template <class Vector, class Key, class Field>
auto* find_by(Vector& sorted, const Key& key, Field field) {
  const auto at = std::lower_bound(
      sorted.begin(), sorted.end(), key,
      [&](const auto& element, const Key& wanted) { return element.*field < wanted; });
  return at != sorted.end() && (*at).*field == key ? &*at : nullptr;
}

}  // namespace twostep::model
