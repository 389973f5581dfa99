#include "impl/wire/prekey_bundle.hpp"

#include <cstddef>
#include <optional>

namespace twostep::wire {
namespace {

/// RFC 8949 section 3.1, the first three bits of an item.
enum class Major : std::uint8_t {
  unsigned_integer = 0,
  octets = 2,
  map = 5,
  simple = 7,
};

constexpr std::uint64_t simple_null = 22;

/// Reads the few kinds of CBOR item that a bundle is made of. Once something was not as expected,
/// everything after it is `nullopt` or false.
class CborReader {
 public:
  explicit CborReader(std::string_view rest) : rest_{rest} {}

  std::optional<std::uint64_t> number() { return item(Major::unsigned_integer); }
  std::optional<std::uint64_t> map_size() { return item(Major::map); }

  /// Skips a string of octets; says how long it was.
  std::optional<std::uint64_t> octets() {
    const auto size = item(Major::octets);
    if (!size || *size > rest_.size()) return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(*size));
    return size;
  }

  /// Takes a null if one is next.
  bool null() {
    auto ahead = *this;
    if (ahead.item(Major::simple) != simple_null) return false;
    *this = ahead;
    return true;
  }

  bool at_end() const { return rest_.empty(); }

 private:
  std::optional<std::uint8_t> octet() {
    if (rest_.empty()) return std::nullopt;
    const auto value = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }

  /// The argument of the next item, if it is of this kind. An additional information of 24 to 27
  /// says that the argument follows in 1, 2, 4 or 8 octets; 31 would be an indefinite length.
  std::optional<std::uint64_t> item(Major major) {
    const auto head = octet();
    if (!head || *head >> 5 != static_cast<std::uint8_t>(major)) return std::nullopt;
    const unsigned additional = *head & 0x1f;
    if (additional < 24) return additional;
    if (additional > 27) return std::nullopt;
    std::uint64_t argument = 0;
    for (unsigned left = 1U << (additional - 24); left > 0; --left) {
      const auto next = octet();
      if (!next) return std::nullopt;
      argument = argument << 8 | *next;
    }
    return argument;
  }

  std::string_view rest_;
};

/// A map of one entry whose key is 0; its value is next.
bool enter_single(CborReader& cbor) { return cbor.map_size() == 1 && cbor.number() == 0; }

bool single_octets(CborReader& cbor) { return enter_single(cbor) && cbor.octets().has_value(); }

/// One of the entries 0 to 4 of a bundle, after its key.
bool entry(CborReader& cbor, std::uint64_t key, std::uint16_t id) {
  switch (key) {
    case 0:
      return cbor.number() == 1;
    case 1:
      return cbor.number() == id;
    case 2:
      return single_octets(cbor);
    case 3:
      return enter_single(cbor) && single_octets(cbor);
    case 4:
      return cbor.null() || single_octets(cbor);
    default:
      return false;
  }
}

}  // namespace

bool is_prekey_bundle(std::string_view octets, std::uint16_t id) {
  CborReader cbor{octets};
  const auto entries = cbor.map_size();
  if (!entries || *entries > 5) return false;

  constexpr unsigned mandatory = 0b01111;
  unsigned seen = 0;
  for (std::uint64_t i = 0; i < *entries; ++i) {
    const auto key = cbor.number();
    if (!key || *key > 4 || (seen & 1U << *key) != 0) return false;
    if (!entry(cbor, *key, id)) return false;
    seen |= 1U << *key;
  }
  return (seen & mandatory) == mandatory && cbor.at_end();
}

}  // namespace twostep::wire
