// What backends tell each other about their users.
#include "impl/wire/peer_users.hpp"

#include "property-tests/pure/codec.hpp"
#include "property-tests/pure/generators.hpp"
#include "property-tests/pure/property.hpp"

namespace twostep::properties {
namespace {

using wire::Json;

const Domain peer = *Domain::parse("b.example");

struct Ids {
  std::vector<UserId> users;
  Json tree = Json::array();
};

Ids any_ids() {
  Ids ids;
  for (auto count = *below(5); count > 0; --count) {
    ids.users.push_back(*user());
    ids.tree.push_back(ids.users.back().text());
  }
  return ids;
}

TEST(PeerBodies, ThatNameUsersAreFaithful) {
  expect_faithful(
      {.say =
           [] {
             const auto ids = any_ids();
             return Codec::Said{{{"users", ids.tree}}, wire::encode_users_query(ids.users)};
           },
       .repeat =
           [](const std::string& text) {
             return again(wire::decode_users_query(text), wire::encode_users_query);
           },
       .needed = {"/users", "/users/0"}});
  expect_faithful({.say =
                       [] {
                         const auto ids = any_ids();
                         return Codec::Said{ids.tree, wire::encode_user_ids(ids.users)};
                       },
                   .repeat =
                       [](const std::string& text) {
                         return again(wire::decode_user_ids(text), wire::encode_user_ids);
                       },
                   .needed = {"/0"}});
}

TEST(PeerBodies, OfClientsAreFaithful) {
  expect_faithful({.say =
                       [] {
                         wire::PeerClients clients;
                         auto tree = Json::object();
                         for (auto count = *below(4); count > 0; --count) {
                           const auto id = *user();
                           auto& of_user = clients[id];
                           auto& list = tree[id.text()] = Json::array();
                           of_user.clear();
                           for (auto devices = *below(4); devices > 0; --devices) {
                             of_user.push_back({*client(), {}});
                             list.push_back({{"id", of_user.back().id.text()}});
                             if (!*one_in(2)) continue;
                             of_user.back().device_class = *text();
                             list.back()["class"] = *of_user.back().device_class;
                           }
                         }
                         return Codec::Said{tree, wire::encode_peer_clients(clients)};
                       },
                   .repeat =
                       [](const std::string& text) {
                         return again(of_answer(text, wire::decode_peer_clients),
                                      wire::encode_peer_clients);
                       },
                   .needed = {}});
}

Profile any_profile() {
  Profile profile{.user = {peer, *user()}, .name = *text()};
  if (*one_in(2)) profile.handle = Handle::parse("handle" + std::to_string(*below(100)));
  profile.accent_id = static_cast<std::int64_t>(*number(UINT32_MAX)) + INT32_MIN;
  return profile;
}

Codec profiles() {
  return {.say =
              [] {
                std::vector<Profile> all;
                auto tree = Json::array();
                for (auto count = *below(4); count > 0; --count) {
                  const auto one = all.emplace_back(any_profile());
                  tree.push_back({{"id", one.user.id.text()},
                                  {"qualified_id", name_tree(one.user)},
                                  {"name", one.name},
                                  {"accent_id", one.accent_id},
                                  {"assets", Json::array()},
                                  {"picture", Json::array()},
                                  {"legalhold_status", "no_consent"},
                                  {"supported_protocols", {"proteus"}},
                                  {"type", "regular"}});
                  if (one.handle) tree.back()["handle"] = one.handle->text();
                }
                return Codec::Said{tree, wire::encode_peer_profiles(all)};
              },
          .repeat =
              [](const std::string& text) {
                return again(of_answer(text,
                                       [](const Json& answer) {
                                         return wire::decode_peer_profiles(answer, peer);
                                       }),
                             wire::encode_peer_profiles);
              },
          .needed = {"/0/qualified_id", "/0/qualified_id/id", "/0/qualified_id/domain"}};
}

TEST(PeerBodies, OfProfilesAreFaithful) { expect_faithful(profiles()); }

// A backend may speak for its own users only.
TEST(PeerBodies, OfProfilesOfAnotherBackendAreRefused) {
  const auto others_are_refused = [](const Domain& judge) {
    return [judge] {
      auto one = any_profile();
      one.user.domain = *domain();
      const auto text = wire::encode_peer_profiles({any_profile(), one});
      const auto read = wire::decode_peer_profiles(Json::parse(text), judge);
      reached("another backend's", one.user.domain != peer);
      reached("its own", one.user.domain == peer);
      RC_ASSERT(read.has_value() == (one.user.domain == peer));
    };
  };
  expect_always(others_are_refused(peer), {"another backend's", "its own"});
  expect_refuted(others_are_refused(*Domain::parse("c.example")));
}

TEST(PeerBodies, OfPrekeysAndWhoAsksForThemAreFaithful) {
  expect_faithful({.say =
                       [] {
                         wire::PeerPrekeyQuery query;
                         auto tree = Json::object();
                         for (auto count = *below(4); count > 0; --count) {
                           const auto id = *user();
                           auto& list = tree[id.text()] = Json::array();
                           auto& clients = query[id] = {};
                           for (auto devices = *below(4); devices > 0; --devices) {
                             clients.push_back(*client());
                             list.push_back(clients.back().text());
                           }
                         }
                         return Codec::Said{tree, wire::encode_prekey_query(query)};
                       },
                   .repeat =
                       [](const std::string& text) {
                         return again(wire::decode_peer_prekey_query(text),
                                      wire::encode_prekey_query);
                       },
                   .needed = {}});
  expect_faithful(
      {.say =
           [] {
             wire::PeerPrekeys prekeys;
             auto tree = Json::object();
             for (auto count = *below(4); count > 0; --count) {
               const auto id = *user();
               auto& of_user = tree[id.text()] = Json::object();
               auto& keys = prekeys[id] = {};
               for (auto devices = *below(4); devices > 0; --devices) {
                 const auto device = *client();
                 auto& key = keys[device] = {};
                 if (*one_in(2))
                   key = Prekey{static_cast<std::uint16_t>(*number(65535)), 'k' + *text()};
                 of_user[device.text()] = key ? Json{{"id", key->id}, {"key", key->key}} : Json();
               }
             }
             return Codec::Said{tree, wire::encode_peer_prekeys(prekeys)};
           },
       .repeat =
           [](const std::string& text) {
             return again(of_answer(text, wire::decode_peer_prekeys), wire::encode_peer_prekeys);
           },
       .needed = {}});
}

TEST(PeerBodies, OfConnectionsAndTheirAnswersAreFaithful) {
  const auto word = [](Wish wish) {
    return wish == Wish::connect ? "RemoteConnect" : "RemoteRescind";
  };
  expect_faithful(
      {.say =
           [word] {
             const wire::PeerWish wish{*user(), *user(),
                                       *one_in(2) ? Wish::connect : Wish::rescind};
             return Codec::Said{
                 {{"from", wish.from.text()}, {"to", wish.to.text()}, {"action", word(wish.wish)}},
                 wire::encode_peer_wish(wish)};
           },
       .repeat =
           [](const std::string& text) {
             return again(wire::decode_peer_wish(text), wire::encode_peer_wish);
           },
       .needed = {"/from", "/to", "/action"}});
  expect_faithful(
      {.say =
           [word] {
             wire::WishAnswer answer{.exists = !*one_in(3)};
             if (answer.exists && *one_in(2))
               answer.reaction = *one_in(2) ? Wish::connect : Wish::rescind;
             Json tree{{"tag", answer.exists ? "NewConnectionResponseOk"
                                             : "NewConnectionResponseUserNotActivated"}};
             if (answer.exists)
               tree["contents"] = answer.reaction ? Json(word(*answer.reaction)) : Json();
             return Codec::Said{tree, wire::encode_wish_answer(answer)};
           },
       .repeat =
           [](const std::string& text) {
             return again(of_answer(text, wire::decode_wish_answer), wire::encode_wish_answer);
           },
       .needed = {"/tag"}});
}

}  // namespace
}  // namespace twostep::properties
