#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "conformance/support/backend.hpp"
#include "conformance/support/gzip.hpp"
#include "conformance/support/match.hpp"
#include "conformance/support/raw_socket.hpp"

namespace twostep::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

const RequestOptions gzipped = {.headers = {{"Content-Encoding", "gzip"}}};

Json login_of(const User& user) { return {{"email", user.email()}, {"password", user.password()}}; }

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

// WIR-10  A body that is compressed with gzip is read as what was compressed: of a login, …
TEST(Wir10, ALoginMayBeCompressed) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");

  const auto reply =
      backend.anonymous().request("POST", "/login", gzip(login_of(alice).dump()), gzipped);

  ASSERT_THAT(reply, HasStatus(200));
  EXPECT_EQ(reply.json.value("user", ""), alice.id().id);
}

// WIR-10  … and of the registration of a client, which is large enough to be worth it.
TEST(Wir10, TheRegistrationOfAClientMayBeCompressed) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  const auto body = alice.device_body({.label = "compressed", .prekeys = 20});

  const auto reply = alice.request("POST", "/clients", gzip(body.dump()), gzipped);

  ASSERT_THAT(reply, HasStatus(201));
  EXPECT_EQ(reply.json.value("label", ""), "compressed");
}

// WIR-11  A request that needs no body is accepted whatever content type it names, as clients name
//         one always.
TEST(Wir11, WithoutABodyTheContentTypeDoesNotMatter) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob");
  const auto connection = "/connections/" + bob.id().domain + "/" + bob.id().id;
  const RequestOptions form = {.content_type = "application/x-www-form-urlencoded",
                               .headers = {cookie_header(alice.cookie())}};

  EXPECT_THAT(alice.request("GET", "/self", ""), HasStatus(200));
  EXPECT_THAT(alice.request("POST", connection, ""), HasStatus(201));
  EXPECT_THAT(alice.request("POST", "/access", "", form), HasStatus(200));
}

// WIR-11  Nor does it need a `Content-Length`.
TEST(Wir11, WithoutABodyNoLengthIsNeeded) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  RawSocket socket{"alice", backend.http_url()};

  socket.write(request_text("POST", "/access", {cookie_header(alice.cookie())}));

  EXPECT_THAT(socket.read_reply(), HasStatus(200));
}

// WIR-11  A content type may have parameters.
TEST(Wir11, AContentTypeMayHaveParameters) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");

  for (const auto* type : {"application/json;charset=UTF-8", "application/json; charset=utf-8"}) {
    EXPECT_THAT(backend.anonymous().post("/login", login_of(alice), {.content_type = type}),
                HasStatus(200))
        << type;
  }
}

/// A request for each of these, and the statuses with which they are answered.
struct Script {
  std::vector<std::string> requests;
  std::vector<int> statuses;
};

Script mixed_requests(const User& alice) {
  const Header token = {"Authorization", "Bearer " + alice.token()};
  Script script;
  for (int i = 0; i < 5; ++i) {
    script.requests.push_back(request_text("GET", "/api-version"));
    script.statuses.push_back(200);
    script.requests.push_back(request_text("GET", "/v4711/self", {token}));
    script.statuses.push_back(404);
    script.requests.push_back(request_text("GET", "/self"));
    script.statuses.push_back(401);
    script.requests.push_back(
        request_text("POST", "/access", {{"Content-Length", "0"}}));  // No cookie.
    script.statuses.push_back(403);
  }
  return script;
}

// WIR-12  A connection is kept open for one request after another, also after refusals.
TEST(Wir12, AConnectionServesManyRequests) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  const auto script = mixed_requests(alice);
  RawSocket socket{"alice", backend.http_url()};

  std::vector<int> seen;
  for (const auto& request : script.requests) {
    socket.write(request);
    seen.push_back(socket.read_reply().status);
  }

  EXPECT_THAT(seen, ElementsAreArray(script.statuses));
}

// WIR-12  Requests that are sent without waiting are answered in their order.
TEST(Wir12, AnswersComeInTheOrderOfTheRequests) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  const auto script = mixed_requests(alice);
  RawSocket socket{"alice", backend.http_url()};

  std::string all;
  for (const auto& request : script.requests) all += request;
  socket.write(all);
  std::vector<int> seen;
  for (std::size_t i = 0; i < script.requests.size(); ++i) {
    seen.push_back(socket.read_reply().status);
  }

  EXPECT_THAT(seen, ElementsAreArray(script.statuses));
}

// WIR-15  In a request a client id may be written in capitals and with zeros before it.
TEST(Wir15, AClientIdIsReadInAnySpelling) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  alice.must_send(chat, {{bob, "hello"}});

  for (const auto& spelling : {upper(bob.id()), "00" + bob.id()}) {
    SCOPED_TRACE(spelling);
    const auto client = bob.get("/clients/" + spelling);
    EXPECT_THAT(client, HasStatus(200));
    EXPECT_EQ(client.json.is_object() ? client.json.value("id", "") : "", bob.id());
    EXPECT_THAT(bob.catch_up({.client = spelling}).bodies(), ElementsAre("hello"));
  }
}

// WIR-16  Fields that are not known are ignored: in JSON …
TEST(Wir16, UnknownJsonMembersAreIgnored) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto body = login_of(alice);
  body["from_the_future"] = {{"nested", {1, 2, 3}}};

  EXPECT_THAT(backend.anonymous().post("/login", body), HasStatus(200));
}

// WIR-16  … and in protobuf.
TEST(Wir16, UnknownProtobufFieldsAreIgnored) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  const std::string field_1000 =
      "\xc2\x3e\x06"
      "future";

  const auto reply = alice.send(chat, {{bob, "hello"}}, {.appended = field_1000});

  EXPECT_THAT(reply, Acknowledged());
  EXPECT_THAT(bob.catch_up().bodies(), ElementsAre("hello"));
}

}  // namespace
}  // namespace twostep::conformance
