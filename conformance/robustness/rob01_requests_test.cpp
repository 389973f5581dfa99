#include <string>
#include <utility>
#include <vector>

#include "conformance/robustness/bystanders.hpp"
#include "conformance/robustness/refusal.hpp"
#include "conformance/support/match.hpp"
#include "conformance/support/stream.hpp"

namespace twostep::conformance {
namespace {

using ::testing::AnyOf;
using ::testing::Each;
using ::testing::SizeIs;
using namespace std::string_literals;

struct Broken {
  std::string what;
  std::string request;
};

/// A login with these header lines instead of proper ones, and `body` after them.
std::string login_with(const std::string& lines, const std::string& body = "") {
  return "POST /login HTTP/1.1\r\nContent-Type: application/json\r\n" + lines + "\r\n" + body;
}

const std::string& host() {
  static const auto line =
      "Host: " + Url::parse(Backend::under_test().http_url()).authority() + "\r\n";
  return line;
}

/// What RFC 9112 does not allow to accept.
std::vector<Broken> never_acceptable() {
  std::vector<Broken> all;
  for (const auto& length : {"5, 6"s, "+5"s, "-1"s, "5x"s, "0x5"s, ""s, "five"s}) {
    all.push_back({"Content-Length: " + length,
                   login_with(host() + "Content-Length: " + length + "\r\n", "{}xyz")});
  }
  const std::vector<Broken> others = {
      {"two lengths", host() + "Content-Length: 2\r\nContent-Length: 5\r\n"},
      {"an unknown coding", host() + "Transfer-Encoding: xchunked\r\n"},
      {"a coding after chunked", host() + "Transfer-Encoding: chunked, identity\r\n"},
      {"no host", "Content-Length: 2\r\n"},
      {"two hosts", host() + "Host: b.example\r\nContent-Length: 2\r\n"},
      {"a space before the colon", host() + "Content-Length : 2\r\n"},
      {"a space in a name", host() + "Content Length: 2\r\n"},
      {"a line without a colon", host() + "Content-Length\r\n"},
      {"a NUL in a value", host() + "X-Name: a\0b\r\nContent-Length: 2\r\n"s},
      {"a NUL in a name", host() + "X\0Name: ab\r\nContent-Length: 2\r\n"s},
  };
  for (const auto& [what, lines] : others) all.push_back({what, login_with(lines, "{}")});
  all.push_back({"a chunk of no size",
                 login_with(host() + "Transfer-Encoding: chunked\r\n", "zz\r\n{}\r\n0\r\n\r\n")});
  return all;
}

/// Everything the backend says to this request and to a proper one right behind it.
std::string answer_to(const std::string& request, bool& ended) {
  RawSocket socket{"mallory", Backend::under_test().http_url()};
  socket.write(request + "GET /api-version HTTP/1.1\r\n" + host() + "\r\n");
  auto received = socket.read_to_end();
  ended = socket.ended();
  return received;
}

// ROB-01  A request whose framing is broken is refused with 400 or 501, if it is answered at all, and
//         then the connection is closed: what follows is not answered, be it the rest of the broken
//         request or another one.
TEST(Rob01, BrokenFramingIsRefusedAndEndsTheConnection) {
  for (const auto& [what, request] : never_acceptable()) {
    SCOPED_TRACE(what);
    bool ended = false;

    const auto statuses = statuses_in(answer_to(request, ended));

    EXPECT_THAT(statuses, SizeIs(::testing::Le(1u)));
    EXPECT_THAT(statuses, Each(AnyOf(400, 501)));
    ASSERT_TRUE(ended) << "the connection is still open";
  }
}

// ROB-01  A request with both a length and chunks may be taken as chunked, but then, too, nothing
//         behind it is answered.
//
// By its length the body has nothing; by its chunks it has one of five octets. A backend and a proxy
// before it that disagree would see two requests in it.
TEST(Rob01, ARequestOfTwoLengthsIsNeverTwoRequests) {
  const std::string both = host() + "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n";
  const std::string reversed = host() + "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n";
  for (const auto& lines : {both, reversed}) {
    bool ended = false;

    const auto statuses =
        statuses_in(answer_to(login_with(lines, "5\r\n{\"a\":\r\n0\r\n\r\n"), ended));

    EXPECT_THAT(statuses, SizeIs(::testing::Le(1u)));
    ASSERT_TRUE(ended) << "the connection is still open";
  }
}

// ROB-02  A request line or header section that is too large is refused, and the backend goes on.
TEST(Rob02, AHeadThatIsTooLargeIsRefused) {
  auto backend = Backend::under_test();
  Bystanders bystanders{backend};
  const std::string mebibyte(1024 * 1024, 'x');
  const std::vector<Header> one = {{"X-Large", mebibyte}};
  const std::vector<Header> many(20'000, {"X-Many", "one of very many"});

  for (const auto& request :
       {request_text("GET", "/api-version", one), request_text("GET", "/api-version", many),
        request_text("GET", "/" + mebibyte)}) {
    RawSocket socket{"mallory", backend.http_url()};
    socket.write(request);
    EXPECT_TRUE(refuses(socket)) << request.substr(0, 200);
  }

  EXPECT_TRUE(bystanders.go_on());
}

// ROB-02  8 KiB of header fields are not too large: tokens and cookies are long.
TEST(Rob02, EightKibibytesOfHeaderFieldsAreAccepted) {
  constexpr std::size_t head_bytes = 8 * 1024;
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  const Header token = {"Authorization", "Bearer " + alice.token()};
  const auto bare = request_text("GET", "/self", {token, {"X-Padding", ""}});
  RawSocket socket{"alice", backend.http_url()};

  socket.write(request_text("GET", "/self",
                            {token, {"X-Padding", std::string(head_bytes - bare.size(), 'x')}}));

  EXPECT_THAT(socket.read_reply(), HasStatus(200));
}

// ROB-03  A body larger than allowed is refused by its declared length alone: with JSON and with
//         messages. Of the 10 GiB that are declared ten bytes are sent.
TEST(Rob03, ADeclaredLengthIsEnoughToRefuse) {
  auto backend = Backend::under_test();
  Bystanders bystanders{backend};
  auto alice = backend.user("alice").device();
  const std::vector<Header> headers = {{"Authorization", "Bearer " + alice.token()},
                                       {"Content-Type", "application/x-protobuf"},
                                       {"Content-Length", "10737418240"}};
  const auto chat = no_conversation();

  for (const auto& path : {"/login"s, chat.path() + "/proteus/messages"}) {
    RawSocket socket{"mallory", backend.http_url()};
    socket.write(request_text("POST", path, headers, "{\"email\":\""));
    EXPECT_TRUE(refuses(socket)) << path;
  }

  EXPECT_TRUE(bystanders.go_on());
}

// ROB-10  Chunk extensions without end …
//
// Until the backend answers or ends the connection; what it does not take fills the buffers between
// the two, and then writing fails.
TEST(Rob10, EndlessChunkExtensionsAreCutOff) {
  constexpr int writes_max = 1024;  // 64 MiB.
  auto backend = Backend::under_test();
  Bystanders bystanders{backend};
  RawSocket socket{"mallory", backend.http_url()};
  const std::string endless(64 * 1024, 'x');

  bool taken = socket.write(login_with(host() + "Transfer-Encoding: chunked\r\n", "1;extension="));
  for (int i = 0; taken && i < writes_max; ++i) taken = socket.write(endless);

  EXPECT_FALSE(taken) << "64 MiB were taken";
  EXPECT_TRUE(bystanders.go_on());
}

// ROB-10  … and trailers without end are cut off.
TEST(Rob10, EndlessTrailersAreCutOff) {
  constexpr int writes_max = 1024;  // 64 MiB.
  auto backend = Backend::under_test();
  Bystanders bystanders{backend};
  RawSocket socket{"mallory", backend.http_url()};
  std::string endless;
  while (endless.size() < 64 * 1024) endless += "X-Trailer: one of very many\r\n";

  bool taken =
      socket.write(login_with(host() + "Transfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\n"));
  for (int i = 0; taken && i < writes_max; ++i) taken = socket.write(endless);

  EXPECT_FALSE(taken) << "64 MiB were taken";
  EXPECT_TRUE(bystanders.go_on());
}

// ROB-14  A path is decoded once. What would be another path after decoding twice, or is no text
//         after decoding once, reaches no endpoint.
TEST(Rob14, PathsAreDecodedOnce) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");

  for (const auto* path :
       {"/%2573elf", "/v9/%2573elf", "/x/%252e%252e/self", "/x%252f..%252fself",
        "/%252e%252e/i/metrics", "/v9/%252e%252e/i/metrics", "/self%00", "/se%00lf", "/%c0%afself",
        "/%c1%b3elf", "/self%", "/self%7", "/self%zz", "/sel%u0066"}) {
    EXPECT_THAT(alice.request("GET", path, "", {.content_type = "", .versioned = false}),
                IsClientError())
        << path;
  }
}

// ROB-15  A request whose connection ends before its body is complete has no effect.
//
// What has come is a complete message by itself, so that only the declared length says that there
// should be more. The backend has seen the end when it ends the connection in turn; then the fence is
// sent.
TEST(Rob15, AnIncompleteRequestHasNoEffect) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  const auto body = encode_message(alice.id(), {{bob, "incomplete"}}, {});
  RawSocket socket{"alice", backend.http_url()};

  socket.write(request_text("POST", chat.path() + "/proteus/messages",
                            {{"Authorization", "Bearer " + alice.token()},
                             {"Content-Type", "application/x-protobuf"},
                             {"Content-Length", std::to_string(body.size() + 1)}},
                            body));
  socket.shut_down_writing();
  socket.read_to_end();
  alice.must_send(chat, {{bob, "fence"}});

  EXPECT_THAT(bob.catch_up().bodies(), ::testing::ElementsAre("fence"));
}

}  // namespace
}  // namespace twostep::conformance
