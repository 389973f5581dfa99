#include "impl/federation/discovery.hpp"

#include <gtest/gtest.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "impl/federation/rig.hpp"

namespace twostep::federation {
namespace {

namespace net = boost::asio;
namespace ip = boost::asio::ip;
using net::ip::udp;
using service::PeerFailure;
using namespace std::chrono_literals;

constexpr int type_a = 1, type_aaaa = 28, type_srv = 33;
constexpr int no_error = 0, server_failure = 2, no_such_name = 3;

std::string two_octets(std::size_t number) {
  return {static_cast<char>(number >> 8), static_cast<char>(number)};
}

std::string encoded_name(std::string_view name) {
  std::string octets;
  while (!name.empty()) {
    const auto label = name.substr(0, name.find('.'));
    octets += static_cast<char>(label.size());
    octets += label;
    name.remove_prefix(std::min(label.size() + 1, name.size()));
  }
  return octets + '\0';
}

std::string srv(std::size_t priority, std::size_t port, std::string_view host) {
  return two_octets(priority) + two_octets(0) + two_octets(port) + encoded_name(host);
}

std::string address(const char* text) {
  const auto parsed = ip::make_address(text);
  if (parsed.is_v6()) {
    const auto octets = parsed.to_v6().to_bytes();
    return {octets.begin(), octets.end()};
  }
  const auto octets = parsed.to_v4().to_bytes();
  return {octets.begin(), octets.end()};
}

/// A name server that knows what the test says. It has no such name as the rest.
class NameServer : public Running {
 public:
  using Records = std::map<std::pair<std::string, int>, std::vector<std::string>>;

  explicit NameServer(Records records) : records_{std::move(records)} {
    net::co_spawn(context, serve(), net::detached);
  }
  ~NameServer() { stop(); }

  udp::endpoint endpoint() const { return socket_.local_endpoint(); }

  std::atomic<int> code_of_unknown = no_such_name;
  std::atomic<int> to_lose = 0;  ///< So many questions get lost on their way.
  std::atomic<int> questions = 0;

 private:
  net::awaitable<void> serve() {
    for (;;) {
      std::string packet(512, '\0');
      udp::endpoint from;
      const auto size =
          co_await socket_.async_receive_from(net::buffer(packet), from, net::use_awaitable);
      packet.resize(size);
      ++questions;
      if (to_lose > 0) {
        --to_lose;
        continue;
      }
      const auto answer = answer_to(packet);
      co_await socket_.async_send_to(net::buffer(answer), from, net::use_awaitable);
    }
  }

  std::string answer_to(const std::string& packet) const {
    std::string name;
    std::size_t at = 12;
    while (packet[at] != 0) {
      if (!name.empty()) name += '.';
      name += packet.substr(at + 1, static_cast<unsigned char>(packet[at]));
      at += static_cast<unsigned char>(packet[at]) + 1;
    }
    const auto question = packet.substr(12, at + 5 - 12);
    const int type = static_cast<unsigned char>(packet[at + 2]);
    const auto known = records_.find({name, type});
    const bool has_name = std::any_of(records_.begin(), records_.end(), [&](const auto& record) {
      return record.first.first == name;
    });
    const auto code = has_name ? no_error : code_of_unknown.load();
    const auto count = known == records_.end() ? 0 : known->second.size();
    std::string answer = packet.substr(0, 2) + two_octets(0x8180U | static_cast<unsigned>(code)) +
                         two_octets(1) + two_octets(count) + two_octets(0) + two_octets(0) +
                         question;
    for (std::size_t n = 0; n < count; ++n) {
      const auto& data = known->second[n];
      answer += two_octets(0xc00c) + two_octets(static_cast<std::size_t>(type)) + two_octets(1) +
                two_octets(0) + two_octets(60) + two_octets(data.size()) + data;
    }
    return answer;
  }

  const Records records_;
  udp::socket socket_{context, {ip::address_v4::loopback(), 0}};
};

const std::string service_of_b = "_wire-server-federator._tcp.b.example";

struct Finder : Running {
  Finder(const NameServer& names, FoundAddresses allowed)
      : discovery{Dns{context.get_executor(), names.endpoint()}, allowed} {}
  ~Finder() { stop(); }

  Discovery::Found find(std::string_view peer = "b.example",
                        std::chrono::milliseconds patience = server::patience) {
    const auto parsed = Peer::parse(peer).value();
    return net::co_spawn(context,
                         discovery.find(parsed, domain_of("b.example"),
                                        std::chrono::steady_clock::now() + patience),
                         net::use_future)
        .get();
  }

  std::vector<std::string> found(std::string_view peer = "b.example") {
    const auto endpoints = find(peer);
    std::vector<std::string> texts;
    if (!endpoints) return texts;
    for (const auto& endpoint : *endpoints) {
      texts.push_back(endpoint.address().to_string() + ' ' + std::to_string(endpoint.port()));
    }
    return texts;
  }

  Discovery discovery;
};

using Texts = std::vector<std::string>;

TEST(DiscoveryTest, AServiceRecordLeadsToAPeer) {
  NameServer names{
      {{{service_of_b, type_srv}, {srv(20, 9, "far.example"), srv(10, 8443, "f.example")}},
       {{"f.example", type_a}, {address("93.184.215.14")}},
       {{"f.example", type_aaaa}, {address("2606:2800::1")}}}};
  Finder finder{names, FoundAddresses::public_only};

  auto found = finder.found();

  std::sort(found.begin(), found.end());
  EXPECT_EQ(found, (Texts{"2606:2800::1 8443", "93.184.215.14 8443"}));
}

TEST(DiscoveryTest, AConfiguredAddressNeedsNoDns) {
  NameServer names{{}};
  Finder finder{names, FoundAddresses::public_only};

  EXPECT_EQ(finder.found("b.example=https://127.0.0.1:9"), (Texts{"127.0.0.1 9"}));
  EXPECT_EQ(names.questions, 0);
}

TEST(DiscoveryTest, AConfiguredHostMayBeAnywhere) {
  NameServer names{{{{"f.internal.example", type_a}, {address("10.0.0.1")}}}};
  Finder finder{names, FoundAddresses::public_only};

  EXPECT_EQ(finder.found("b.example=https://f.internal.example:9"), (Texts{"10.0.0.1 9"}));
}

TEST(Fed66, WithoutARecordThereIsNoSuchPeer) {
  NameServer names{{{{service_of_b, type_a}, {address("93.184.215.14")}}}};
  Finder finder{names, FoundAddresses::any};
  EXPECT_EQ(finder.find().error(), PeerFailure::unknown_domain);

  NameServer none{{}};
  Finder other{none, FoundAddresses::any};
  EXPECT_EQ(other.find().error(), PeerFailure::unknown_domain);

  NameServer not_offered{{{{service_of_b, type_srv}, {srv(0, 0, "")}}}};
  Finder third{not_offered, FoundAddresses::any};
  EXPECT_EQ(third.find().error(), PeerFailure::unknown_domain);
}

TEST(Fed66, DnsThatFailsSaysNothingAboutThePeer) {
  NameServer broken{{}};
  broken.code_of_unknown = server_failure;
  Finder finder{broken, FoundAddresses::any};
  EXPECT_EQ(finder.find().error(), PeerFailure::discovery);

  NameServer silent{{}};
  silent.to_lose = 1'000;
  Finder other{silent, FoundAddresses::any};
  EXPECT_EQ(other.find("b.example", 50ms).error(), PeerFailure::discovery);

  NameServer leads_nowhere{{{{service_of_b, type_srv}, {srv(0, 9, "f.example")}}}};
  Finder third{leads_nowhere, FoundAddresses::any};
  EXPECT_EQ(third.find().error(), PeerFailure::discovery);
}

TEST(DiscoveryTest, ALostQuestionIsAskedAgain) {
  NameServer names{{{{service_of_b, type_srv}, {srv(0, 9, "f.example")}},
                    {{"f.example", type_a}, {address("93.184.215.14")}}}};
  names.to_lose = 1;
  Finder finder{names, FoundAddresses::public_only};

  EXPECT_EQ(finder.found(), (Texts{"93.184.215.14 9"}));
}

TEST(Fed09, AnAddressThatIsNotPublicIsLeftOut) {
  NameServer names{{{{service_of_b, type_srv}, {srv(0, 9, "f.example")}},
                    {{"f.example", type_a},
                     {address("127.0.0.1"), address("93.184.215.14"), address("169.254.169.254")}},
                    {{"f.example", type_aaaa}, {address("::1")}}}};
  Finder careful{names, FoundAddresses::public_only};
  EXPECT_EQ(careful.found(), (Texts{"93.184.215.14 9"}));

  Finder trusting{names, FoundAddresses::any};
  EXPECT_EQ(trusting.found().size(), 4u);

  NameServer numbers{{{{service_of_b, type_srv}, {srv(0, 9, "127.0.0.1")}}}};
  Finder other{numbers, FoundAddresses::public_only};
  EXPECT_EQ(other.find().error(), PeerFailure::discovery);
}

TEST(Fed09, WhichAddressesArePublic) {
  for (const auto* text : {"0.0.0.0",
                           "10.1.2.3",
                           "100.64.0.1",
                           "127.0.0.1",
                           "127.255.0.1",
                           "169.254.169.254",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.0.0.1",
                           "192.0.2.1",
                           "192.168.0.1",
                           "198.18.0.1",
                           "198.51.100.1",
                           "203.0.113.1",
                           "224.0.0.1",
                           "240.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "::ffff:10.0.0.1",
                           "::ffff:127.0.0.1",
                           "64:ff9b::a00:1",
                           "100::1",
                           "2001::1",
                           "2001:db8::1",
                           "2002:a00:1::",
                           "fc00::1",
                           "fd00:ec2::254",
                           "fe80::1",
                           "ff02::1"}) {
    EXPECT_FALSE(is_public(ip::make_address(text))) << text;
  }
  for (const auto* text :
       {"1.1.1.1", "93.184.215.14", "100.128.0.1", "172.32.0.1", "198.20.0.1", "223.255.255.255",
        "::ffff:1.1.1.1", "2001:4860:4860::8888", "2606:2800::1", "2a00::1"}) {
    EXPECT_TRUE(is_public(ip::make_address(text))) << text;
  }
}

// From the question to the call: what is found is called, by its domain.
TEST(Fed09, NobodyIsConnectedToWhereThereMustBeNoPeer) {
  Stranger inside{says_nothing()};
  const auto port = std::stoul(inside.url().substr(inside.url().rfind(':') + 1));
  NameServer names{{{{service_of_b, type_srv}, {srv(0, port, "f.example")}},
                    {{"f.example", type_a}, {address("127.0.0.1")}}}};
  auto tls = load_certificates(TestAuthority::instance().good("a.example"), domain_of("a.example"));
  Calling a{{"b.example"},
            {.self = "a.example",
             .tls = std::move(tls->as_client),
             .dns = names.endpoint(),
             .addresses = FoundAddresses::public_only}};

  EXPECT_EQ(a.call("b.example").error(), PeerFailure::discovery);
  EXPECT_EQ(inside.connections(), 0u);
}

TEST(DiscoveryTest, WhatIsFoundIsCalled) {
  const auto& authority = TestAuthority::instance();
  auto tls_of_b = load_certificates(authority.good("b.example"), domain_of("b.example")).value();
  Listening b{{.self = "b.example", .peers = {"a.example"}, .tls = std::move(tls_of_b.as_server)}};
  NameServer names{{{{service_of_b, type_srv}, {srv(0, b.listener->port(), "f.example")}},
                    {{"f.example", type_a}, {address("127.0.0.1")}}}};
  auto tls_of_a = load_certificates(authority.good("a.example"), domain_of("a.example")).value();
  Calling a{{"*"},
            {.self = "a.example", .tls = std::move(tls_of_a.as_client), .dns = names.endpoint()}};

  EXPECT_EQ(a.call("b.example")->status, 200);
  EXPECT_EQ(b.calls(), (Texts{"a.example brig/api-version"}));
}

}  // namespace
}  // namespace twostep::federation
