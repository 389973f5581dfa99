#include "impl/store/export.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "impl/store/accounts.hpp"
#include "impl/store/inbox.hpp"
#include "impl/store/key.hpp"
#include "impl/store/memory.hpp"
#include "impl/store/testing.hpp"

namespace twostep::store {
namespace {

const auto bob = *UserId::parse("0b0b0b0b-0000-4000-8000-000000000001");
const auto a_domain = *Domain::parse("a.example");

std::string exported(Store& store, Secrets secrets) {
  std::ostringstream out;
  testing::read(store, [&](const Reader& reader) { export_rows(reader, secrets, out); }).value();
  return out.str();
}

TEST(Export, ShowsARowPerLineWithTheNamesOfItsParts) {
  MemoryStore store;
  testing::write(store, [](Transaction& rows) {
    append(rows, {.now = TimeUuid::earliest + Ticks{1}, .origin = {}},
           {.user = bob, .targets = {{0x1f}}, .origin = {7}, .event = R"({"type":"x","a":1})"});
    append(rows, {.now = TimeUuid::earliest + Ticks{1}, .origin = {}},
           {.user = bob, .event = "not JSON"});
    rows.put(Key{Table::member}.add(a_domain).add(bob).add(a_domain).add(bob).bytes(), "{}");
    rows.put(Key{Table::prekey}.add(bob).add(ClientId{0x1f}).add(65535).bytes(), R"("a2V5")");
    rows.put(Key{Table::backend}.add(std::string_view{"schema"}).bytes(), "1");
  }).value();

  const std::string user = R"("user":"0b0b0b0b-0000-4000-8000-000000000001")";
  EXPECT_EQ(exported(store, Secrets::left_out),
            R"({"table":"inbox_head","key":{)" + user +
                R"(},"value":"00000002-0000-1000-8b0b-0b0b00004002"}
{"table":"member","key":{"domain":"a.example","conversation":"0b0b0b0b-0000-4000-8000-000000000001",)" +
                R"("member_domain":"a.example",)" + user + R"(},"value":{}}
{"table":"notification","key":{)" +
                user + R"(,"id":"00000001-0000-1000-8b0b-0b0b00004002"},)" +
                R"("value":{"origin":7,"targets":["1f"],"event":{"type":"x","a":1}}}
{"table":"notification","key":{)" +
                user + R"(,"id":"00000002-0000-1000-8b0b-0b0b00004002"},)" +
                R"("value":{"origin":0,"targets":[],"event":{"hex":"6e6f74204a534f4e"}}}
{"table":"prekey","key":{)" +
                user + R"(,"client":"1f","number":65535},"value":"a2V5"}
{"table":"backend","key":{"name":"schema"},"value":1}
)");
}

TEST(Export, LeavesSecretsOutUnlessAskedForThem) {
  MemoryStore store;
  testing::write(store, [](Transaction& rows) {
    put_account(rows, {.id = bob,
                       .name = "bob",
                       .email = EmailAddress::parse("bob@a.example"),
                       .handle = {},
                       .accent_id = 0,
                       .locale = "en",
                       .password_hash = "secret-hash"});
    rows.put(Key{Table::cookie}.add(bob).add(1).bytes(), R"({"what":"secret-cookie"})");
    rows.put(Key{Table::backend}.add(std::string_view{"token-key"}).bytes(), R"("secret-key")");
    rows.put("unknown table", "secret, for all we know");
  }).value();

  const auto text = exported(store, Secrets::left_out);
  EXPECT_EQ(text.find("secret"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("name":"bob")"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("key":{"email":"bob@a.example"},"value":"0b0b0b0b-)"), std::string::npos);
  const auto all = exported(store, Secrets::included);
  for (const auto* secret : {"secret-hash", "secret-cookie", "secret-key", "hex"})
    EXPECT_NE(all.find(secret), std::string::npos) << secret << " in " << all;
}

}  // namespace
}  // namespace twostep::store
