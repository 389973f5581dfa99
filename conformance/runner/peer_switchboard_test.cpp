#include "conformance/runner/peer_switchboard.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>
#include <unistd.h>

#include <future>

#include "conformance/runner/free_port.hpp"
#include "conformance/runner/peer_name.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/support/context.hpp"
#include "conformance/support/peer.hpp"

// Peers, spoken to as a backend under test would.
namespace twostep::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class Peers : public ::testing::Test {
 protected:
  void SetUp() override {
    context().target.federation =
        Federation{.url = url_, .peers_pattern = "*.peers.test", .peers_listen = {}};
    context().target.domain = "a.example";
    context().peer_switchboard = control_;
  }
  void TearDown() override {
    context().peer_switchboard.clear();
    context().target.federation.reset();
  }

  /// Calls the peer, as the backend under test.
  Reply ask(const Peer& peer, const std::string& rpc, const Json& body) {
    HttpClient backend{"the backend", url_};
    return backend.send(request(peer.domain(), rpc, body));
  }

  static Request request(const std::string& domain, const std::string& rpc, const Json& body) {
    return {.method = "POST",
            .path = "/federation/" + rpc,
            .body = body.dump(),
            .headers = {{"Host", domain + ":443"}, {"Wire-Origin-Domain", "a.example"}}};
  }

  static Json users(const std::vector<PeerUser>& users) {
    Json list = Json::array();
    for (const auto& user : users) list.push_back(user.id().id);
    return {{"users", list}};
  }

  const int port_ = free_port();
  const std::string url_ = "http://127.0.0.1:" + std::to_string(port_);
  const std::string control_ = "/tmp/twostep-peers-test." + std::to_string(getpid());
  const PeerSwitchboard switchboard_{{"127.0.0.1", port_}, control_};
};

TEST_F(Peers, AnswerForTheirOwnUsersAndSayWhatTheyWereAsked) {
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto bob = b.user("bob").device();
  const auto charlie = c.user("charlie");
  b.expects(rpc::get_user_clients);
  c.expects(rpc::get_user_clients);

  const auto of_b = ask(b, rpc::get_user_clients, users({bob, charlie}));
  const auto of_c = ask(c, rpc::get_user_clients, users({charlie}));

  EXPECT_EQ(of_b.json, Json({{bob.user().id().id, {{{"id", bob.id()}, {"class", "phone"}}}}}));
  EXPECT_EQ(of_c.json, Json({{charlie.id().id, Json::array()}}));
  EXPECT_EQ(b.only(rpc::get_user_clients).origin, "a.example");
  EXPECT_EQ(b.only(rpc::get_user_clients).body, users({bob, charlie}));
  EXPECT_LT(b.received().front().number, c.received().front().number);
}

TEST_F(Peers, TakeSeveralCallsOnOneConnection) {
  const auto b = Peer::under_test("b");
  b.expects(rpc::on_message_sent, 2);
  HttpClient backend{"the backend", url_};

  EXPECT_EQ(backend.send(request(b.domain(), rpc::on_message_sent, 1)).status, 200);
  EXPECT_EQ(backend.send(request(b.domain(), rpc::on_message_sent, 2)).status, 200);

  EXPECT_THAT(b.received(), SizeIs(2));
}

TEST_F(Peers, UseExpectationsInTheirOrderAndThenWhatIsAllowed) {
  const auto b = Peer::under_test("b");
  b.allows(rpc::on_message_sent, with_error(503, "last"));
  b.expects(rpc::on_message_sent, with_error(501, "first"));
  b.expects(rpc::on_message_sent, with_error(502, "second"));

  std::vector<std::string> labels;
  for (int i = 0; i < 4; ++i) labels.push_back(ask(b, rpc::on_message_sent, {}).label());

  EXPECT_THAT(labels, ElementsAre("first", "second", "last", "last"));
}

TEST_F(Peers, CountNothingOfASetup) {
  const auto b = Peer::under_test("b");
  {
    const PeerSetup setup{{b}};
    EXPECT_EQ(ask(b, rpc::on_conversation_created, {}).status, 200);
  }
  EXPECT_THAT(b.received(), ::testing::IsEmpty());
}

TEST_F(Peers, FailTheTestForACallThatNobodyExpected) {
  EXPECT_NONFATAL_FAILURE(
      {
        const auto b = Peer::under_test("b");
        EXPECT_EQ(ask(b, rpc::on_message_sent, {{"what", "is this"}}).status, 500);
      },
      R"(b received galley/on-message-sent from a.example with {"what":"is this"})");
}

TEST_F(Peers, FailTheTestForACallThatNeverCame) {
  EXPECT_NONFATAL_FAILURE({ Peer::under_test("b").expects(rpc::get_user_clients); },
                          "b expected a call of brig/get-user-clients that never came");
}

TEST_F(Peers, AnswerWhatIsHeldOnlyWhenTold) {
  const auto b = Peer::under_test("b");
  const auto held = b.holds(rpc::get_user_clients);
  auto answered = std::async(std::launch::async,
                             [&] { return ask(b, rpc::get_user_clients, users({})).label(); });

  EXPECT_TRUE(held.arrives());
  EXPECT_EQ(answered.wait_for(Milliseconds{0}), std::future_status::timeout);
  held.release(with_error(500, "at-last"));

  EXPECT_EQ(answered.get(), "at-last");
}

TEST_F(Peers, ReleaseWhatTheTestForgets) {
  const auto b = Peer::under_test("b");
  auto answered = std::async(std::launch::async, [&] {
    const auto held = b.holds(rpc::get_user_clients);
    EXPECT_TRUE(held.arrives());
  });

  // The call comes before or after it is expected; only what is expected is answered truthfully.
  b.allows(rpc::get_user_clients, with_error(500, "too-early"));
  while (ask(b, rpc::get_user_clients, users({})).label() == "too-early") {
  }
  answered.get();
}

TEST_F(Peers, FailInEveryWayThatANetworkCan) {
  const auto b = Peer::under_test("b");
  const std::vector<std::pair<Answering, std::string>> faults = {
      {by_hanging_up(), "ended"},
      {by_reset(), "ended"},
      {by_half_an_answer(), "ended"},
      {with_bytes("what?\r\n\r\n"), "not an HTTP response"},
  };
  for (const auto& [fault, error] : faults) {
    b.expects(rpc::get_user_clients, fault);
    EXPECT_THAT(ask(b, rpc::get_user_clients, users({})).error, HasSubstr(error));
  }
}

TEST_F(Peers, FallSilentOrNeverEndUntilTheOtherSideHasHadEnough) {
  const auto b = Peer::under_test("b");
  const auto patience_before = std::exchange(context().patience, Milliseconds{50});
  for (const auto& fault : {by_silence(), by_stopping_midway(), without_end()}) {
    b.expects(rpc::get_user_clients, fault);
    EXPECT_THAT(ask(b, rpc::get_user_clients, users({})).error, HasSubstr("deadline"));
  }
  context().patience = patience_before;
}

TEST_F(Peers, HangUpForADomainThatNobodyHas) {
  HttpClient backend{"the backend", url_};

  EXPECT_FALSE(backend.send(request("nobody.peers.test", rpc::on_message_sent, {})).answered());
}

TEST(PeerName, IsTheHostInAnyCaseWithoutItsPort) {
  EXPECT_EQ(peer_name("POST / HTTP/1.1\r\nX: y\r\nHOST:  B.peers.TEST:80 \r\n").domain,
            "b.peers.test");
}

TEST(PeerName, WaitsForMoreUntilItIsThere) {
  EXPECT_FALSE(peer_name("").complete);
  EXPECT_FALSE(peer_name("POST / HTTP/1.1\r\nHost: b.peers").complete);
  EXPECT_TRUE(peer_name("POST / HTTP/1.1\r\nX: y\r\n\r\n").complete);
  EXPECT_FALSE(peer_name("POST / HTTP/1.1\r\nX: y\r\n\r\n").domain);
}

TEST(PeerName, IsTheServerNameOfTls) {
  using namespace std::string_literals;
  const auto sized = [](std::size_t octets, const std::string& content) {
    std::string length(octets, '\0');
    length.back() = static_cast<char>(content.size());
    return length + content;
  };
  const auto name = sized(2, sized(2, "\0"s + sized(2, "b.peers.test")));
  const auto extensions = sized(2, "\0\x2b\0\0"s + "\0\0"s + name);
  const auto hello =
      sized(3, std::string(34, 'x') + "\0"s + sized(2, "\x13\x01"s) + sized(1, "\0"s) + extensions);
  const auto record = "\x16\x03\x01"s + sized(2, "\x01"s + hello);

  EXPECT_EQ(peer_name(record).domain, "b.peers.test");
  EXPECT_FALSE(peer_name(record.substr(0, record.size() - 1)).complete);
  EXPECT_TRUE(peer_name("\x16\x03\x01"s + sized(2, "\x01garbage")).complete);
}

}  // namespace
}  // namespace twostep::conformance
