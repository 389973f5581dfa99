#include <chrono>
#include <string>
#include <vector>

#include "conformance/robustness/bystanders.hpp"
#include "conformance/support/at_once.hpp"
#include "conformance/support/match.hpp"
#include "conformance/support/raw_socket.hpp"

namespace twostep::conformance {
namespace {

/// A request up to the middle of its head.
std::string half_a_request() {
  const auto whole = request_text("GET", "/api-version");
  return whole.substr(0, whole.size() / 2);
}

// ROB-16  Connections that begin a request and do not end it keep nobody waiting.
TEST(Rob16, HundredsOfHalfRequestsKeepNobodyWaiting) {
  constexpr int connections = 200;
  auto backend = Backend::under_test();
  Bystanders bystanders{backend};
  std::vector<RawSocket> slow;
  for (int i = 0; i < connections; ++i) {
    slow.emplace_back("mallory", backend.http_url());
    slow.back().write(half_a_request());
  }

  EXPECT_TRUE(bystanders.go_on());
}

// ROB-17  A connection that does not complete its request is closed, within 60 seconds.
//
// The one test that waits longer than the suite's deadline, since the clause names the time. What
// the backend says before, 408 or nothing, is its own business.
TEST(Rob17, AnUnfinishedRequestIsGivenUp) {
  auto backend = Backend::under_test();
  RawSocket socket{"mallory", backend.http_url()};
  const auto until = Clock::now() + std::chrono::seconds{60};

  socket.write(half_a_request());
  while (!socket.ended() && Clock::now() < until) socket.read_some(until);

  EXPECT_TRUE(socket.ended()) << "still open after 60 s";
}

// ROB-20  Who sends small messages without pause may be slowed down or cut off, but keeps nobody
//         waiting.
TEST(Rob20, AFloodOverASocketKeepsNobodyWaiting) {
  constexpr int messages = 3'000;
  auto backend = Backend::under_test();
  Bystanders bystanders{backend};
  auto socket = backend.user("mallory").device().open_socket();
  std::string flood;
  for (int i = 0; i < messages; ++i) {
    flood += masked_frame(i % 2 == 0 ? 0x89 : 0x81, i % 2 == 0 ? "" : "ping");
  }

  at_once({[&] { socket.send_raw(flood); },
           [&] {
             for (int i = 0; i < 3; ++i) EXPECT_TRUE(bystanders.go_on());
           }});
}

// ROB-20  So with logins that fail.
TEST(Rob20, AFloodOfFailingLoginsKeepsNobodyWaiting) {
  constexpr int logins = 30;
  auto backend = Backend::under_test();
  Bystanders bystanders{backend};
  auto alice = backend.user("alice");
  const Json wrong = {{"email", alice.email()}, {"password", "not this one"}};

  at_once({[&] {
             for (int i = 0; i < logins; ++i) {
               EXPECT_THAT(backend.anonymous().post("/login", wrong), IsClientError());
             }
           },
           [&] {
             for (int i = 0; i < 3; ++i) EXPECT_TRUE(bystanders.go_on());
           }});
}

}  // namespace
}  // namespace twostep::conformance
