#include "model/explore/engine/codec.hpp"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <optional>
#include <set>
#include <variant>
#include <vector>

#include "model/explore/engine/symmetry.hpp"

namespace twostep::model::explore {
namespace {

enum class Name : std::uint8_t { ann, bob, chris };

struct Padded {
  int number = 0;
  bool flag = false;
  auto operator<=>(const Padded&) const = default;
};

struct Nothing {
  auto operator<=>(const Nothing&) const = default;
};

struct Everything {
  std::vector<int> numbers;
  std::map<Name, std::string> words;
  std::set<Padded> set;
  std::array<Padded, 2> pair;
  std::pair<int, Name> two;
  std::optional<Padded> maybe;
  std::variant<int, Padded, Nothing> either;
  bool operator==(const Everything&) const = default;
};

Everything example() {
  return {{1, 2},         {{Name::ann, "to ann"}, {Name::bob, std::string(300, 'b')}},
          {{3, true}},    {Padded{4, false}, Padded{5, true}},
          {6, Name::bob}, Padded{7, true},
          Nothing{}};
}

TEST(Codec, ReadsBackWhatItWrote) {
  const auto bytes = bytes_of(example());
  std::string_view rest = bytes;

  EXPECT_EQ(decode<Everything>(rest), example());
  EXPECT_TRUE(rest.empty());
}

TEST(Codec, DifferentValuesHaveDifferentBytes) {
  std::vector<Everything> values(8, example());
  values[1].numbers = {1};
  values[2].words.erase(Name::ann);
  values[3].set.clear();
  values[4].pair[1].flag = false;
  values[5].two.second = Name::chris;
  values[6].maybe.reset();
  values[7].either = 0;

  std::set<Bytes> seen;
  for (const auto& value : values) seen.insert(bytes_of(value));

  EXPECT_EQ(seen.size(), values.size());
}

TEST(Symmetry, RenamesValuesAndKeys) {
  auto value = example();

  rename(value, [](Name name) { return name == Name::bob ? Name::chris : name; });

  EXPECT_EQ(value.words.at(Name::chris), std::string(300, 'b'));
  EXPECT_FALSE(value.words.contains(Name::bob));
  EXPECT_EQ(value.two.second, Name::chris);
}

TEST(Symmetry, EveryRenamingHasTheSameRepresentative) {
  const std::vector<Name> names{Name::ann, Name::bob, Name::chris};
  const auto representative = least_renaming(example(), names);

  auto permuted = names;
  do {
    auto value = example();
    rename(value, [&](Name name) { return permuted[std::size_t(name)]; });
    EXPECT_EQ(least_renaming(value, names), representative);
  } while (std::next_permutation(permuted.begin(), permuted.end()));
}

}  // namespace
}  // namespace twostep::model::explore
