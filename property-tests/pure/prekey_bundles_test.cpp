// Prekey bundles, against CBOR as it is defined (RFC 8949).
#include <array>
#include <map>

#include "impl/wire/prekey_bundle.hpp"
#include "property-tests/pure/generators.hpp"
#include "property-tests/pure/property.hpp"

namespace twostep::properties {
namespace {

struct Item {
  int major = 0;
  std::uint64_t argument = 0;
  std::vector<Item> inside = {};  ///< Of a map: keys and values in turn.
};

// A number in any of the five lengths that can hold it.
std::string head_of(int major, std::uint64_t argument) {
  std::vector<int> lengths{8};
  if (argument <= 0xffffffff) lengths.push_back(4);
  if (argument <= 0xffff) lengths.push_back(2);
  if (argument <= 0xff) lengths.push_back(1);
  if (argument < 24) lengths.push_back(0);
  const auto length = lengths[*one_in(3) ? *below(lengths.size()) : lengths.size() - 1];
  const int information = length == 0   ? static_cast<int>(argument)
                          : length == 1 ? 24
                          : length == 2 ? 25
                          : length == 4 ? 26
                                        : 27;
  std::string octets(1, static_cast<char>(major << 5 | information));
  for (int shift = 8 * (length - 1); shift >= 0; shift -= 8)
    octets += static_cast<char>(argument >> shift & 0xff);
  return octets;
}

std::optional<Item> read_item(std::string_view& rest, int depth = 0) {
  if (rest.empty() || depth > 4) return std::nullopt;
  const auto first = static_cast<unsigned char>(rest[0]);
  Item item{.major = first >> 5, .argument = first & 0x1fu};
  rest.remove_prefix(1);
  if (item.argument > 27) return std::nullopt;
  if (item.argument >= 24) {
    const auto length = std::size_t{1} << (item.argument - 24);
    if (rest.size() < length) return std::nullopt;
    item.argument = 0;
    for (const char octet : rest.substr(0, length))
      item.argument = item.argument * 256 + static_cast<unsigned char>(octet);
    rest.remove_prefix(length);
  }
  if (item.major == 2) {
    if (item.argument > rest.size()) return std::nullopt;
    rest.remove_prefix(item.argument);
  } else if (item.major == 5) {
    if (item.argument > 5) return std::nullopt;  // More than any map in a bundle.
    for (std::uint64_t i = 0; i < 2 * item.argument; ++i) {
      auto inner = read_item(rest, depth + 1);
      if (!inner) return std::nullopt;
      item.inside.push_back(*std::move(inner));
    }
  } else if (item.major != 0 && item.major != 7) {
    return std::nullopt;
  }
  return item;
}

bool is_number(const Item& item, std::uint64_t value) {
  return item.major == 0 && item.argument == value;
}

const Item* only_value(const Item& map) {
  const bool single = map.major == 5 && map.inside.size() == 2 && is_number(map.inside[0], 0);
  return single ? &map.inside[1] : nullptr;
}

bool holds_octets(const Item* map) {
  const auto* value = map ? only_value(*map) : nullptr;
  return value && value->major == 2;
}

bool is_bundle(std::string_view octets, std::uint16_t id) {
  const auto bundle = read_item(octets);
  if (!bundle || !octets.empty() || bundle->major != 5) return false;
  std::map<std::uint64_t, const Item*> entries;
  for (std::size_t i = 0; i < bundle->inside.size(); i += 2) {
    const auto& key = bundle->inside[i];
    if (key.major != 0 || key.argument > 4) return false;
    if (!entries.emplace(key.argument, &bundle->inside[i + 1]).second) return false;
  }
  for (const std::uint64_t key : {0, 1, 2, 3})
    if (!entries.contains(key)) return false;
  const bool signature = !entries.contains(4) || holds_octets(entries[4]) ||
                         (entries[4]->major == 7 && entries[4]->argument == 22);
  return is_number(*entries[0], 1) && is_number(*entries[1], id) && holds_octets(entries[2]) &&
         only_value(*entries[3]) && holds_octets(only_value(*entries[3])) && signature;
}

std::string single(const std::string& value) { return head_of(5, 1) + head_of(0, 0) + value; }

std::string key_octets() {
  const auto key = (*octets()).substr(0, 40);
  return head_of(2, key.size()) + key;
}

using IsBundle = std::function<bool(const std::string&, std::uint16_t)>;

Property bundles_are_known(const IsBundle& is_it) {
  return [is_it] {
    const auto id = static_cast<std::uint16_t>(*number(65535));
    const auto inside = *one_in(10) ? *number(65535) : id;
    std::vector<std::string> entries{
        head_of(0, 0) + head_of(0, *one_in(20) ? 2 : 1), head_of(0, 1) + head_of(0, inside),
        head_of(0, 2) + single(key_octets()), head_of(0, 3) + single(single(key_octets()))};
    if (*one_in(2))
      entries.push_back(head_of(0, 4) + (*one_in(2) ? head_of(7, 22) : single(key_octets())));
    for (auto swaps = *below(3); swaps > 0; --swaps)
      std::swap(entries[*below(entries.size())], entries[*below(entries.size())]);
    if (*one_in(10)) entries[*below(entries.size())] = entries[*below(entries.size())];
    auto octets = head_of(5, entries.size());
    for (const auto& entry : entries) octets += entry;
    if (*one_in(3)) octets = *damaged(octets);
    const bool expected = is_bundle(octets, id);
    reached("a bundle", expected);
    reached("signed", expected && entries.size() == 5);
    reached("none", !expected);
    reached("another's id", !expected && is_bundle(octets, static_cast<std::uint16_t>(inside)));
    RC_ASSERT(is_it(octets, id) == expected);
  };
}

TEST(PrekeyBundles, AreWhatTheirDefinitionSays) {
  expect_always(bundles_are_known(&wire::is_prekey_bundle),
                {"a bundle", "signed", "none", "another's id"});
  expect_refuted(bundles_are_known([](const std::string& octets, std::uint16_t id) {
    return wire::is_prekey_bundle(octets, id) ||
           (!octets.empty() && wire::is_prekey_bundle(octets.substr(0, octets.size() - 1), id));
  }));
  expect_refuted(bundles_are_known([](const std::string& octets, std::uint16_t id) {
    return wire::is_prekey_bundle(octets, id) && octets.find('\x1b') == octets.npos;
  }));
}

}  // namespace
}  // namespace twostep::properties
