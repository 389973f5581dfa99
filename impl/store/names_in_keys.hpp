#pragma once

#include <cassert>
#include <optional>
#include <string_view>

#include "impl/core/ids.hpp"
#include "impl/core/limits.hpp"
#include "impl/store/key.hpp"

/// Qualified names as parts of keys: the domain, its closing zero octet, the id.
///
/// Threads    One scan's reader belongs to that scan.
/// Source     docs/ARCHITECTURE.md, "Rows".
namespace twostep::store {

// The longest key has a table's letter and two names.
static_assert(1 + 2 * (Domain::text_chars_max + 1 + Uuid::size_bytes) <=
              twostep::limits::store_key_bytes_max);

template <class Id>
Key& add(Key& key, const Qualified<Id>& name) {
  return key.add(name.domain).add(name.id);
}

/// Reads the names that end the keys of one scan. Such keys are sorted by domain, so that most
/// share the parsed domain of the one before.
template <class Id>
class NamesInKeys {
 public:
  /// `prefix` is what all keys of the scan begin with.
  explicit NamesInKeys(const Key& prefix) : begin_{prefix.bytes().size()} {}

  Qualified<Id> read(std::string_view key) {
    key.remove_prefix(begin_);
    const auto domain_end = key.size() - Uuid::size_bytes - 1;
    const auto domain = key.substr(0, domain_end);
    if (!domain_ || domain_->text() != domain) domain_ = Domain::parse(domain);
    assert(domain_ && "a key is made of names that were parsed before");
    return {*domain_, *Id::from_bytes(key.substr(domain_end + 1))};
  }

 private:
  std::size_t begin_;
  std::optional<Domain> domain_;
};

}  // namespace twostep::store
