#include "impl/wire/clients.hpp"

#include <gtest/gtest.h>

#include <string>

#include "impl/wire/base64.hpp"
#include "impl/wire/prekeys.hpp"

namespace twostep::wire {
namespace {

/// A prekey as a client uploads it; only the shape of the bundle is real.
Json uploaded(int id) {
  std::string bundle{"\xa4\x00\x01\x01\x19", 5};
  bundle += static_cast<char>(id >> 8);
  bundle += static_cast<char>(id & 0xff);
  bundle += std::string{"\x02\xa1\x00\x41k\x03\xa1\x00\xa1\x00\x41k", 12};
  return {{"id", id}, {"key", base64(bundle)}};
}

Json registration() {
  return {{"type", "permanent"},
          {"class", "desktop"},
          {"prekeys", Json::array({uploaded(0), uploaded(1)})},
          {"lastkey", uploaded(65535)}};
}

TEST(Acc20, ARegistrationIsReadAndWrittenBack) {
  auto body = registration();
  body["label"] = "work";
  body["cookie"] = "cookie";
  body["model"] = "ThinkPad";
  body["capabilities"] = Json::array({"legalhold-implicit-consent"});

  const auto read = decode_new_client(body.dump()).value();
  EXPECT_EQ(read.prekeys.size(), 2u);
  EXPECT_EQ(read.last_resort_key, uploaded(65535)["key"].get<std::string>());

  const Client registered{.id = ClientId{0xf},
                          .type = read.type,
                          .registered = std::chrono::sys_days{std::chrono::year{2025} / 6 / 1},
                          .device_class = read.device_class,
                          .label = read.label,
                          .cookie = read.cookie,
                          .model = read.model,
                          .capabilities = read.capabilities,
                          .last_active = {}};
  EXPECT_EQ(client(registered).dump(),
            R"({"capabilities":["legalhold-implicit-consent"],"class":"desktop","cookie":"cookie",)"
            R"("id":"f","label":"work","mls_public_keys":{},"model":"ThinkPad",)"
            R"("time":"2025-06-01T00:00:00.000Z","type":"permanent"})");
}

TEST(Acc26, ALastResortKeyHasItsId) {
  auto body = registration();
  body["lastkey"] = uploaded(7);
  EXPECT_EQ(decode_new_client(body.dump()).error().reason, Reason::malformed_prekeys);
}

TEST(Acc26, TheLastResortKeyIsNoPrekeyAmongOthers) {
  auto body = registration();
  body["prekeys"].push_back(uploaded(65535));
  EXPECT_EQ(decode_new_client(body.dump()).error().reason, Reason::malformed_prekeys);
}

TEST(Acc26, KeysAreBase64) {
  auto body = registration();
  body["prekeys"][0]["key"] = "not base64";
  EXPECT_EQ(decode_new_client(body.dump()).error().reason, Reason::malformed_prekeys);
}

TEST(Acc27, KeysAreBundlesOfTheIdBesideThem) {
  auto body = registration();
  body["prekeys"][0]["id"] = 5;
  EXPECT_EQ(decode_new_client(body.dump()).error().reason, Reason::malformed_prekeys);
}

TEST(Acc20, UsersAddNoClientsForLegalHold) {
  auto body = registration();
  body["type"] = "legalhold";
  EXPECT_EQ(decode_new_client(body.dump()).error().reason, Reason::client_error);
}

TEST(Acc28, TheEventNestsCapabilitiesTwice) {
  const Client added{.id = ClientId{0xf},
                     .type = ClientType::temporary,
                     .registered = std::chrono::sys_days{std::chrono::year{2025} / 6 / 1},
                     .device_class = {},
                     .label = {},
                     .cookie = {},
                     .model = {},
                     .capabilities = {"consumable-notifications", "legalhold-implicit-consent"},
                     .last_active = {}};
  EXPECT_EQ(client_added_event(added),
            R"({"client":{"capabilities":{"capabilities":["legalhold-implicit-consent"]},"id":"f",)"
            R"("mls_public_keys":{},"time":"2025-06-01T00:00:00.000Z","type":"temporary"},)"
            R"("type":"user.client-add"})");
  EXPECT_EQ(client_removed_event(ClientId{0xf}),
            R"({"client":{"id":"f"},"type":"user.client-remove"})");
}

TEST(Acc36, AQueryNamesClientsByDomainAndUser) {
  const auto query =
      decode_prekey_query(R"({"a.example":{"00000000-0000-4000-8000-000000000001":["f","0F"]}})");
  ASSERT_TRUE(query);
  ASSERT_EQ(query->size(), 1u);
  EXPECT_EQ(query->begin()->second, (std::vector<ClientId>{ClientId{0xf}, ClientId{0xf}}));
  EXPECT_FALSE(decode_prekey_query(R"({"a.example":[]})"));
}

}  // namespace
}  // namespace twostep::wire
