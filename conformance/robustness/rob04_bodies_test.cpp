#include <string>
#include <utility>
#include <vector>

#include "conformance/robustness/bystanders.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/support/context.hpp"
#include "conformance/support/gzip.hpp"
#include "conformance/support/match.hpp"
#include "conformance/support/outcome.hpp"

namespace twostep::conformance {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace std::string_literals;

constexpr std::size_t kibibyte = 1024;

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

// ROB-04  A message of 256 KiB to one client is delivered unchanged.
TEST(Rob04, ALargeMessageIsDelivered) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  const auto body = random_bytes(256 * kibibyte);

  EXPECT_THAT(alice.send(chat, {{bob, body}}), Acknowledged());

  const auto bodies = bob.catch_up().bodies();
  ASSERT_EQ(bodies.size(), 1u);
  EXPECT_TRUE(bodies[0] == body) << bodies[0].size() << " bytes";
}

// ROB-04  So is one of 3 MiB to twelve clients.
TEST(Rob04, ALargeMessageToManyClientsIsDelivered) {
  constexpr int clients = 6;
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob");
  auto chris = backend.user("chris");
  std::vector<Device> devices;
  Recipients recipients;
  for (const auto& user : {bob, chris}) {
    for (int i = 0; i < clients; ++i) {
      devices.push_back(user.device());
      recipients.push_back({devices.back(), random_bytes(256 * kibibyte)});
    }
  }
  auto chat = conversation_of({alice, bob, chris});

  EXPECT_THAT(alice.send(chat, recipients), Acknowledged());

  for (std::size_t i = 0; i < devices.size(); ++i) {
    const auto bodies = devices[i].catch_up().bodies();
    ASSERT_EQ(bodies.size(), 1u) << devices[i].name();
    EXPECT_TRUE(bodies[0] == recipients[i].body) << devices[i].name();
  }
}

// ROB-04  A JSON body of 256 KiB is accepted.
TEST(Rob04, ALargeJsonBodyIsAccepted) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  Json body = {{"qualified_ids", {{{"id", alice.id().id}, {"domain", alice.id().domain}}}},
               {"padding", ""}};
  body["padding"] = std::string(256 * kibibyte - body.dump().size(), 'x');

  EXPECT_THAT(alice.post("/list-users", body), HasStatus(200));
}

// ROB-05  JSON that is nested very deeply, is no UTF-8, does not end where it should, or has numbers
//         that nobody can hold is answered 4xx, and the backend goes on.
TEST(Rob05, HostileJsonIsRefused) {
  constexpr int depth = 100'000;
  auto backend = Backend::under_test();
  Bystanders bystanders{backend};
  auto alice = backend.user("alice").device();
  const std::vector<std::pair<std::string, std::string>> bodies = {
      {"/login", repeated("[", depth)},
      {"/login", repeated("[", depth) + repeated("]", depth)},
      {"/list-users", R"({"qualified_ids": )" + repeated("[", depth) + repeated("]", depth) + "}"},
      {"/conversations", repeated(R"({"name":)", depth) + "1" + repeated("}", depth)},
      {"/login", "{\"email\": \"\xff\xfe@example.com\", \"password\": \"12345678\"}"},
      {"/conversations", "{\"qualified_users\": [], \"name\": \"\xc0\xaf\"}"},
      {"/conversations", "{\"qualified_users\": [], \"name\": \"\xed\xa0\x80\"}"},
      {"/list-users", R"({"qualified_ids": []} and more)"},
      {"/list-users", R"({"qualified_ids": []}{"qualified_ids": []})"},
      {"/list-connections", R"({"size": 1e999})"},
      {"/list-connections", R"({"size": 123456789012345678901234567890})"},
      {"/clients", R"({"type": "permanent", "prekeys": [], "lastkey": {"id": 99999999999,)"
                   R"( "key": "AAAA"}})"},
      {"/clients", R"({"type": "permanent", "prekeys": [], "lastkey": {"id": -1,)"
                   R"( "key": "AAAA"}})"},
  };

  for (const auto& [path, body] : bodies) {
    EXPECT_THAT(alice.request("POST", path, body), IsClientError())
        << path << ' ' << body.substr(0, 60);
  }

  EXPECT_TRUE(bystanders.go_on());
}

// ROB-08  A ciphertext that is no base64, in the JSON form of a message, is answered 400, or read
//         leniently: what is then delivered is correct base64.
TEST(Rob08, BrokenBase64IsRefusedOrRepaired) {
  auto backend = Backend::under_test();
  Bystanders bystanders{backend};
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  auto body = legacy_json(alice.id(), {{bob, ""}}, {});

  for (const auto* text :
       {"!", "hello, world", "aGVsbG8", "aGVsbG8==", "aGVs=bG8", "-_-_", "YR==", "aGVs\nbG8="}) {
    body["recipients"][bob.user().id().id][bob.id()] = text;
    const auto reply = alice.post(chat.legacy_path() + "/otr/messages", body);
    EXPECT_THAT(reply, HasStatus(AnyOf(201, 400))) << text;
    if (reply.status == 201) note_reading("base64 that is broken is read leniently");
  }

  for (const auto& event : bob.catch_up().events("conversation.otr-message-add")) {
    EXPECT_TRUE(from_base64(event["data"].value("text", ""))) << event;
  }
  EXPECT_TRUE(bystanders.go_on());
}

// ROB-09  A compressed body that is damaged, cut off, or too large when decompressed is refused, and
//         the backend goes on.
//
// 200 KiB of zeros, compressed, stand for 200 MiB: as much as deflate can do.
TEST(Rob09, HostileCompressionIsRefused) {
  auto backend = Backend::under_test();
  Bystanders bystanders{backend};
  auto alice = backend.user("alice");
  const auto proper = gzip(Json({{"email", alice.email()}, {"password", alice.password()}}).dump());
  auto damaged = proper;
  damaged[damaged.size() - 8] ^= 1;  // The checksum.
  const std::vector<std::pair<std::string, std::string>> bodies = {
      {"a bomb", gzip_of_zeros(200)},
      {"a wrong checksum", damaged},
      {"half a stream", proper.substr(0, proper.size() / 2)},
      {"no stream at all", "not compressed"},
  };

  for (const auto& [what, body] : bodies) {
    EXPECT_THAT(backend.anonymous().request("POST", "/login", body,
                                            {.headers = {{"Content-Encoding", "gzip"}}}),
                HasStatus(AnyOf(400, 413)))
        << what;
  }

  EXPECT_TRUE(bystanders.go_on());
}

const std::vector<std::string> unusual_names = {
    "\u202eright to left\u202c",              // Bidirectional control characters.
    "e\u0301\u0323\u0302 combining",          // Marks, not in canonical order.
    "\U0001F469\u200D\U0001F4BB \U0002070E",  // Joined, and outside the basic plane.
    "\u00e9 and e\u0301",                     // Equal after normalization, which is not to happen.
    "\uFEFF\uFFFD\u2028",                     // Byte order mark, replacement, line separator.
};

// ROB-13  Names with any Unicode text are returned exactly as given, or refused: of conversations, …
TEST(Rob13, NamesOfConversationsAreKeptAsTheyAre) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");

  for (const auto& name : unusual_names) {
    const auto created = create_conversation(alice, {}, {{"name", name}});
    ASSERT_THAT(created, HasStatus(AnyOf(201, 400))) << name;
    if (created.status != 201) continue;
    const auto read = alice.get(conversation_in(created).path());
    EXPECT_EQ(created.json.value("name", ""), name);
    EXPECT_EQ(read.json.value("name", ""), name);
  }
}

// ROB-13  … of clients, …
TEST(Rob13, LabelsOfClientsAreKeptAsTheyAre) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  const auto path = "/clients/" + alice.id();

  for (const auto& name : unusual_names) {
    const auto updated = alice.put(path, {{"label", name}});
    ASSERT_THAT(updated, HasStatus(AnyOf(200, 400))) << name;
    if (updated.status != 200) continue;
    EXPECT_EQ(alice.get(path).json.value("label", ""), name);
  }
}

// ROB-13  … and of users.
TEST(Rob13, NamesOfUsersAreKeptAsTheyAre) {
  auto backend = Backend::under_test();
  if (context().target.accounts.how != Accounts::How::registration) {
    throw NotCovered("users cannot register with a name of their own");
  }

  for (const auto& name : unusual_names) {
    const auto email = "unusual-" + random_hex(16) + "@example.com";
    const Json login = {{"email", email}, {"password", "a password"}};
    Json registration = login;
    registration["name"] = name;
    const auto registered = backend.anonymous().post("/register", registration);
    ASSERT_THAT(registered, HasStatus(AnyOf(201, 400))) << name;
    if (registered.status != 201) continue;
    const auto token = backend.anonymous().post("/login", login).json.value("access_token", "");
    EXPECT_EQ((Caller{"unusual", token}.get("/self").json.value("name", "")), name);
  }
}

}  // namespace
}  // namespace twostep::conformance
