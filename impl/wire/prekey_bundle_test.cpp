#include "impl/wire/prekey_bundle.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace twostep::wire {
namespace {

std::string octets(std::initializer_list<int> values) {
  std::string text;
  for (const int value : values) text += static_cast<char>(value);
  return text;
}

const std::string key = octets({0x58, 0x20}) + std::string(32, 'k');
const std::string public_key = octets({0x02, 0xa1, 0x00}) + key;
const std::string identity = octets({0x03, 0xa1, 0x00, 0xa1, 0x00}) + key;

std::string bundle(const std::string& id_and_rest, int entries = 5) {
  return octets({0xa0 | entries, 0x00, 0x01}) + id_and_rest;
}

std::string usual(int id) {
  return bundle(octets({0x01, id}) + public_key + identity + octets({0x04, 0xf6}));
}

TEST(Acc27, ABundleWithItsIdIsTaken) { EXPECT_TRUE(is_prekey_bundle(usual(7), 7)); }

TEST(Acc27, TheIdInsideMustBeTheOneBeside) { EXPECT_FALSE(is_prekey_bundle(usual(7), 8)); }

TEST(Acc27, AnIdMayTakeAnyOfItsEncodings) {
  const auto rest = public_key + identity + octets({0x04, 0xf6});
  EXPECT_TRUE(is_prekey_bundle(bundle(octets({0x01, 0x19, 0xff, 0xff}) + rest), 65535));
  EXPECT_TRUE(is_prekey_bundle(bundle(octets({0x01, 0x18, 0x63}) + rest), 99));
  EXPECT_TRUE(is_prekey_bundle(bundle(octets({0x01, 0x1a, 0, 0, 0, 7}) + rest), 7));
}

TEST(Acc27, TheSignatureMayBeThereOrAbsent) {
  const auto mandatory = octets({0x01, 0x07}) + public_key + identity;
  EXPECT_TRUE(is_prekey_bundle(bundle(mandatory, 4), 7));
  EXPECT_TRUE(is_prekey_bundle(bundle(mandatory + octets({0x04, 0xa1, 0x00}) + key), 7));
}

TEST(Acc27, WhatIsMissingTwiceOrUnknownIsRefused) {
  const auto id = octets({0x01, 0x07});
  EXPECT_FALSE(is_prekey_bundle(bundle(id + public_key, 3), 7));
  EXPECT_FALSE(is_prekey_bundle(bundle(id + public_key + public_key + identity, 5), 7));
  EXPECT_FALSE(is_prekey_bundle(bundle(id + public_key + identity + octets({0x05, 0xf6})), 7));
}

TEST(Acc27, AnotherVersionIsRefused) {
  auto other = usual(7);
  other[2] = 2;
  EXPECT_FALSE(is_prekey_bundle(other, 7));
}

TEST(Acc27, IndefiniteLengthsAreRefused) {
  const auto rest = usual(7).substr(1);
  EXPECT_FALSE(is_prekey_bundle(octets({0xbf}) + rest + octets({0xff}), 7));
}

// A length that claims more than there is must not be believed, whatever it adds up to.
TEST(Acc27, ALengthBeyondTheEndIsRefused) {
  const auto before = bundle(octets({0x01, 0x07, 0x02, 0xa1, 0x00}));
  EXPECT_FALSE(is_prekey_bundle(before + octets({0x58, 0x21}) + std::string(32, 'k'), 7));
  EXPECT_FALSE(
      is_prekey_bundle(before + octets({0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}), 7));
}

TEST(Acc27, NothingMayFollow) { EXPECT_FALSE(is_prekey_bundle(usual(7) + '\0', 7)); }

TEST(Acc27, EveryPartOfABundleIsNone) {
  const auto whole = usual(7);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    SCOPED_TRACE(size);
    EXPECT_FALSE(is_prekey_bundle(whole.substr(0, size), 7));
  }
}

}  // namespace
}  // namespace twostep::wire
