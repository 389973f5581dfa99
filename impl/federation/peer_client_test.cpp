#include "impl/federation/peer_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <future>
#include <string>
#include <vector>

#include "impl/federation/rig.hpp"

namespace twostep::federation {
namespace {

namespace net = boost::asio;
using net::ip::tcp;
using service::PeerFailure;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using namespace std::chrono_literals;

constexpr auto quietly = net::as_tuple(net::use_awaitable);

PeerFailure failure_with(Stranger::Script script, std::chrono::milliseconds deadline = 20s) {
  Stranger b{std::move(script)};
  Calling a{{"b.example=" + b.url()}, {.self = "a.example"}};
  const auto outcome = a.call("b.example", "get-user-clients", deadline);
  EXPECT_EQ(b.connections(), 1u);
  EXPECT_THAT(a.log.text(), AllOf(HasSubstr("peer-call-failed"), HasSubstr("b.example")));
  return outcome ? PeerFailure{} : outcome.error();
}

TEST(Fed01, ACallIsOnePostThatSaysWhoCalls) {
  std::promise<std::string> received;
  Stranger b{[&](tcp::socket& socket) -> net::awaitable<void> {
    std::string text;
    co_await net::async_read_until(socket, net::dynamic_buffer(text), "\r\n\r\n[]", quietly);
    received.set_value(text);
    const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{\"x\":1}";
    co_await net::async_write(socket, net::buffer(answer), quietly);
  }};
  Calling a{{"*.peers.test=" + b.url()}, {.self = "a.example"}};

  const auto reply = a.call("b.peers.test", "get-user-clients");

  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 200);
  EXPECT_EQ(reply->body, "{\"x\":1}");
  EXPECT_THAT(received.get_future().get(),
              AllOf(StartsWith("POST /federation/brig/get-user-clients HTTP/1.1\r\n"),
                    HasSubstr("\r\nHost: b.peers.test\r\n"),
                    HasSubstr("\r\nWire-Origin-Domain: a.example\r\n"),
                    HasSubstr("\r\nContent-Type: application/json\r\n"),
                    HasSubstr("\r\nContent-Length: 2\r\n")));
  EXPECT_THAT(
      a.metrics.text(),
      HasSubstr("twostep_peer_call_seconds_count{outcome=\"ok\",rpc=\"get-user-clients\"} 1"));
}

TEST(PeerClientTest, AnAnswerIsWhateverThePeerSays) {
  for (const auto& [octets, status] : std::vector<std::pair<std::string, int>>{
           {"HTTP/1.1 500 Oh\r\nContent-Length: 2\r\n\r\n{}", 500},
           {"HTTP/1.1 403 No\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 403},
           {"HTTP/1.0 200 OK\r\n\r\n{}", 200}}) {
    Stranger b{says(octets)};
    Calling a{{"b.example=" + b.url()}, {.self = "a.example"}};

    const auto reply = a.call("b.example");

    ASSERT_TRUE(reply) << octets;
    EXPECT_EQ(reply->status, status);
    EXPECT_EQ(reply->body, "{}");
  }
}

TEST(Fed07, ARedirectIsAnAnswerAndNothingElse) {
  Listening c{{.self = "c.example", .peers = {"a.example"}}};
  Stranger b{says("HTTP/1.1 307 There\r\nLocation: " + c.url() +
                  "/federation/brig/api-version\r\nContent-Length: 0\r\n\r\n")};
  Calling a{{"b.example=" + b.url()}, {.self = "a.example"}};

  EXPECT_EQ(a.call("b.example")->status, 307);
  EXPECT_TRUE(c.calls().empty());
}

TEST(Fed05, WhoIsNoPeerIsNotCalled) {
  Stranger c{says_nothing()};
  Calling a{{"b.example=" + c.url()}, {.self = "a.example"}};

  EXPECT_EQ(a.call("c.example").error(), PeerFailure::denied);
  EXPECT_EQ(a.call("a.example").error(), PeerFailure::denied);
  EXPECT_EQ(c.connections(), 0u);
}

TEST(Fed66, APeerThatIsNotThereIsUnreachable) {
  std::string url;
  {
    Stranger gone{says_nothing()};
    url = gone.url();
  }
  Calling a{{"b.example=" + url}, {.self = "a.example"}};

  EXPECT_EQ(a.call("b.example").error(), PeerFailure::unreachable);
}

TEST(Fed66, APeerThatHangsUpOrResetsIsUnreachable) {
  EXPECT_EQ(failure_with([](tcp::socket&) -> net::awaitable<void> { co_return; }),
            PeerFailure::unreachable);
  EXPECT_EQ(failure_with([](tcp::socket& socket) -> net::awaitable<void> {
              socket.set_option(net::socket_base::linger{true, 0});
              socket.close();
              co_return;
            }),
            PeerFailure::unreachable);
  EXPECT_EQ(failure_with(says("")), PeerFailure::unreachable);
}

TEST(Fed68, APeerThatSaysNothingIsGivenUp) {
  EXPECT_EQ(failure_with(says_nothing(), 50ms), PeerFailure::unreachable);
}

// One deadline for everything: a peer that sends an octet now and then does not start it anew.
TEST(Fed68, APeerThatDripsIsGivenUp) {
  const auto drip = [](tcp::socket& socket) -> net::awaitable<void> {
    const std::string octet = "x";
    const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 16000000\r\n\r\n";
    co_await net::async_write(socket, net::buffer(head), quietly);
    boost::system::error_code gone;
    while (!gone) {
      std::size_t bytes = 0;
      std::tie(gone, bytes) = co_await net::async_write(socket, net::buffer(octet), quietly);
    }
  };
  EXPECT_EQ(failure_with(drip, 50ms), PeerFailure::unreachable);
}

TEST(Fed10, WhatIsNotHttpOrBreaksOffIsAFailure) {
  for (const auto* nonsense :
       {"SMTP\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n[]",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n", "HTTP/1.1 200",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n[]", "\x15\x03\x03"}) {
    EXPECT_EQ(failure_with(says(nonsense)), PeerFailure::http) << nonsense;
  }
}

// Ten gigabytes announced, ten gigabytes sent in chunks, one line or one head without an end.
TEST(Fed10, AnAnswerWithoutAnEndIsNotReadToTheEnd) {
  const auto endless = [](std::string beginning, std::string more) -> Stranger::Script {
    return [beginning = std::move(beginning),
            more = std::move(more)](tcp::socket& socket) -> net::awaitable<void> {
      auto [gone, bytes] = co_await net::async_write(socket, net::buffer(beginning), quietly);
      while (!gone) {
        std::tie(gone, bytes) = co_await net::async_write(socket, net::buffer(more), quietly);
      }
    };
  };
  const std::string head = "HTTP/1.1 200 OK\r\n";
  const std::string filling(64 * 1024, 'x');
  EXPECT_EQ(failure_with(endless(head + "Content-Length: 10737418240\r\n\r\n", filling)),
            PeerFailure::http);
  EXPECT_EQ(failure_with(endless(head + "\r\n", filling)), PeerFailure::http);
  EXPECT_EQ(failure_with(endless(head + "Transfer-Encoding: chunked\r\n\r\n",
                                 "10000\r\n" + filling + "\r\n")),
            PeerFailure::http);
  EXPECT_EQ(failure_with(endless(head + "Transfer-Encoding: chunked\r\n\r\n1;", filling)),
            PeerFailure::http);
  EXPECT_EQ(failure_with(endless(head + "X: ", filling)), PeerFailure::http);
}

TEST(Fed22, HundredPeersThatSayNothingHoldUpNobody) {
  Stranger stuck{says_nothing()};
  Listening c{{.self = "c.example", .peers = {"a.example"}}};
  Calling a{{"*.peers.test=" + stuck.url(), "c.example=" + c.url()}, {.self = "a.example"}};
  std::vector<std::future<CallOutcome>> waiting;
  for (int peer = 0; peer < 100; ++peer) {
    waiting.push_back(a.begin("b" + std::to_string(peer) + ".peers.test", "api-version", 20s));
  }
  server::wait_until([&] { return stuck.connections() == 100; });

  for (int n = 0; n < 50; ++n) EXPECT_TRUE(a.call("c.example"));

  for (const auto& call : waiting) {
    EXPECT_EQ(call.wait_for(0s), std::future_status::timeout);
  }
}

// As many messages wait for the owner as there are places, and the owner, who has to ask us before it
// answers, waits for nobody: neither, the other way round, do we when we have to ask it.
TEST(Fed41, CallsThatWaitForThePeerTakeNoPlaceFromThoseThatItWaitsFor) {
  Stranger c{[](tcp::socket& socket) -> net::awaitable<void> {
    const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]";
    std::string text;
    co_await net::async_read_until(socket, net::dynamic_buffer(text), "\r\n\r\n[]", quietly);
    const bool waits = text.find("/send-message ") != text.npos;
    if (!waits) co_await net::async_write(socket, net::buffer(answer), quietly);
    co_await net::async_read_until(socket, net::dynamic_buffer(text), "never", quietly);
  }};
  Calling a{{"c.example=" + c.url()}, {.self = "a.example"}};
  std::vector<std::future<CallOutcome>> waiting;
  for (std::size_t n = 0; n <= limits::calls_at_once_max; ++n) {
    waiting.push_back(a.begin("c.example", "send-message", 20s));
  }
  server::wait_until([&] { return c.connections() == limits::calls_at_once_max; });

  EXPECT_TRUE(a.call("c.example", "get-user-clients", 10s));
  EXPECT_EQ(c.connections(), limits::calls_at_once_max + 1);
}

TEST(Fed15, ACallIsMadeOnceWhateverComesOfIt) {
  Stranger b{says("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nRetry-After: 0\r\n\r\n")};
  Calling a{{"b.example=" + b.url()}, {.self = "a.example"}};

  EXPECT_EQ(a.call("b.example")->status, 503);
  EXPECT_EQ(b.connections(), 1u);
}

// Reads one call after another, and answers each so.
Stranger::Script says_each_time(std::string octets) {
  return [octets = std::move(octets)](tcp::socket& socket) -> net::awaitable<void> {
    std::string received;
    for (;;) {
      const auto [gone, end] = co_await net::async_read_until(socket, net::dynamic_buffer(received),
                                                              "\r\n\r\n[]", quietly);
      if (gone) co_return;
      received.erase(0, end);
      co_await net::async_write(socket, net::buffer(octets), quietly);
    }
  };
}

TEST(KeptConnectionsTest, AConnectionThatThePeerKeepsIsUsedAgain) {
  Stranger b{
      says_each_time("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=60\r\nContent-Length: 2\r\n\r\n[]")};
  Calling a{{"b.example=" + b.url()}, {.self = "a.example"}};

  for (int n = 0; n < 3; ++n) EXPECT_EQ(a.call("b.example")->status, 200);

  EXPECT_EQ(b.connections(), 1u);
}

TEST(KeptConnectionsTest, OurOwnListenerKeepsThem) {
  const auto& authority = TestAuthority::instance();
  auto tls_of_a = load_certificates(authority.good("a.example"), domain_of("a.example")).value();
  auto tls_of_b = load_certificates(authority.good("b.example"), domain_of("b.example")).value();
  Listening b{{.self = "b.example", .peers = {"a.example"}, .tls = std::move(tls_of_b.as_server)}};
  Calling a{{"b.example=" + b.url()}, {.self = "a.example", .tls = std::move(tls_of_a.as_client)}};

  for (int n = 0; n < 3; ++n) EXPECT_EQ(a.call("b.example")->status, 200);

  EXPECT_EQ(b.calls().size(), 3u);
  EXPECT_EQ(b.listener->connections(), 1u);
}

TEST(KeptConnectionsTest, WithoutAWordOfThePeerNoneIsKept) {
  for (const auto* head :
       {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
        "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=0\r\nContent-Length: 2\r\n\r\n[]",
        "HTTP/1.1 200 OK\r\nConnection: close\r\nKeep-Alive: timeout=9\r\n"
        "Content-Length: 2\r\n\r\n[]",
        "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=9\r\nContent-Length: 2\r\n\r\n[]x"}) {
    Stranger b{says_each_time(head)};
    Calling a{{"b.example=" + b.url()}, {.self = "a.example"}};

    EXPECT_TRUE(a.call("b.example"));
    EXPECT_TRUE(a.call("b.example"));
    EXPECT_EQ(b.connections(), 2u) << head;
  }
}

// The peer closes at once after its answer, although it said otherwise. Its end is seen in time.
TEST(KeptConnectionsTest, AConnectionThatHasEndedIsNotUsed) {
  std::promise<void> closed;
  Stranger b{[&, first = true](tcp::socket& socket) mutable -> net::awaitable<void> {
    const bool is_first = std::exchange(first, false);
    const auto script =
        says("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=60\r\nContent-Length: 2\r\n\r\n[]");
    co_await script(socket);
    socket.close();
    if (is_first) closed.set_value();
  }};
  Calling a{{"b.example=" + b.url()}, {.self = "a.example"}};

  EXPECT_TRUE(a.call("b.example"));
  closed.get_future().get();
  EXPECT_TRUE(a.call("b.example"));
  EXPECT_EQ(b.connections(), 2u);
}

// The peer takes a second call on a kept connection and goes away: nobody knows what it did with it,
// and it is not made again.
TEST(Fed15, ACallThatWasTakenOnAKeptConnectionIsNotRepeated) {
  std::atomic<int> calls = 0;
  Stranger b{[&](tcp::socket& socket) -> net::awaitable<void> {
    const std::string answer =
        "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=60\r\nContent-Length: 2\r\n\r\n[]";
    std::string received;
    for (;;) {
      const auto [gone, end] = co_await net::async_read_until(socket, net::dynamic_buffer(received),
                                                              "\r\n\r\n[]", quietly);
      if (gone || ++calls == 2) co_return;
      received.erase(0, end);
      co_await net::async_write(socket, net::buffer(answer), quietly);
    }
  }};
  Calling a{{"b.example=" + b.url()}, {.self = "a.example"}};

  EXPECT_TRUE(a.call("b.example"));
  EXPECT_EQ(a.call("b.example").error(), PeerFailure::unreachable);
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(b.connections(), 1u);
}

}  // namespace
}  // namespace twostep::federation
