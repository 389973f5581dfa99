#include "impl/wire/peer_users.hpp"

#include <gtest/gtest.h>

#include "impl/core/limits.hpp"

namespace twostep::wire {
namespace {

constexpr const char* bob_id = "b0b00000-0000-4000-8000-000000000003";
const auto b = *Domain::parse("b.example");

Json many(const Json& each, std::size_t count) { return Json::array_t(count, each); }

Json profile_with(const Json& more) {
  Json json{{"qualified_id", {{"id", bob_id}, {"domain", "b.example"}}}, {"name", ""}};
  json.update(more);
  return Json::array({json});
}

// Others may allow more than we do, but not without an end.
TEST(PeerUsers, HaveBounds) {
  const Json client{{"id", "b1"}, {"class", std::string(limits::label_chars_max, 'c')}};
  EXPECT_TRUE(decode_peer_clients(Json{{bob_id, many(client, 256)}}));
  EXPECT_FALSE(decode_peer_clients(Json{{bob_id, many(client, 257)}}));
  EXPECT_TRUE(decode_peer_prekey_query(Json{{bob_id, many("b1", 256)}}.dump()));
  EXPECT_FALSE(decode_peer_prekey_query(Json{{bob_id, many("b1", 257)}}.dump()));

  EXPECT_TRUE(decode_peer_profiles(profile_with({{"name", std::string(1'024, 'n')}}), b));
  EXPECT_FALSE(decode_peer_profiles(profile_with({{"name", std::string(1'025, 'n')}}), b));
  EXPECT_FALSE(decode_peer_profiles(profile_with({{"name", nullptr}}), b));

  const auto keys = [](std::int64_t id, std::size_t size) {
    const Json key{{"id", id}, {"key", std::string(size, 'k')}};
    return decode_peer_prekeys(Json{{bob_id, {{"b1", key}}}});
  };
  EXPECT_TRUE(keys(65'535, 1'024));
  EXPECT_FALSE(keys(65'536, 1'024));
  EXPECT_FALSE(keys(1, 1'025));
  EXPECT_FALSE(keys(1, 0));

  const auto ids = many(bob_id, limits::names_per_request_max);
  const auto too_many = many(bob_id, limits::names_per_request_max + 1);
  EXPECT_TRUE(decode_user_ids(ids.dump()));
  EXPECT_FALSE(decode_user_ids(too_many.dump()));
  EXPECT_TRUE(decode_users_query(Json{{"users", ids}}.dump()));
  EXPECT_FALSE(decode_users_query(Json{{"users", too_many}}.dump()));
}

TEST(PeerProfiles, AreOfTheBackendThatAnswers) {
  const auto profile =
      decode_peer_profiles(profile_with({{"handle", "bob"}, {"accent_id", 3}}), b).value().at(0);
  EXPECT_EQ(profile.user, (QualifiedUser{b, *UserId::parse(bob_id)}));
  EXPECT_EQ(profile.handle, Handle::parse("bob"));
  EXPECT_EQ(profile.accent_id, 3);
  EXPECT_EQ(decode_peer_profiles(profile_with(Json::object()), b).value().at(0).accent_id, 0);
  EXPECT_FALSE(decode_peer_profiles(profile_with(Json::object()), *Domain::parse("c.example")));
}

}  // namespace
}  // namespace twostep::wire
