#include "impl/federation/peer_list.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace twostep::federation {
namespace {

Domain domain(std::string_view text) { return Domain::parse(text).value(); }

PeerList list_of(const std::vector<std::string>& texts) {
  std::vector<Peer> peers;
  for (const auto& text : texts) peers.push_back(Peer::parse(text).value());
  return PeerList{domain("a.example"), std::move(peers)};
}

TEST(PeerUrlTest, NamesASchemeAHostAndAPort) {
  const auto url = PeerUrl::parse("https://federation.b.example:8443");
  EXPECT_EQ(url, (PeerUrl{.secure = true, .host = "federation.b.example", .port = 8443}));
  EXPECT_EQ(PeerUrl::parse("https://b.example")->port, 443);
  EXPECT_EQ(PeerUrl::parse("http://127.0.0.1")->port, 80);
  EXPECT_EQ(PeerUrl::parse("http://[::1]:9")->host, "::1");
}

TEST(PeerUrlTest, RefusesEverythingElse) {
  for (const auto* url : {"", "b.example", "ftp://b.example", "https://", "https://:443",
                          "https://b.example:", "https://b.example:0", "https://b.example:65536",
                          "https://b.example:4x", "https://b.example/", "https://u@b.example",
                          "https://b.example?x", "https://[::1", "https://[::1]9",
                          "https://b..example", "https://b.example:443/federation"}) {
    EXPECT_FALSE(PeerUrl::parse(url)) << url;
  }
}

TEST(PeerTest, IsAPatternAndPerhapsAUrl) {
  EXPECT_EQ(Peer::parse("B.Example")->pattern, "b.example");
  EXPECT_FALSE(Peer::parse("b.example")->url);
  EXPECT_EQ(Peer::parse("*.peers.test=http://127.0.0.1:9090")->url->port, 9090);
  EXPECT_EQ(Peer::parse("*")->pattern, "*");
  for (const auto* peer : {"", "=", "b", "*b.example", "b.*.example", "**", "*.",
                           "b.example=", "b.example=b.example", "b.example:1"}) {
    EXPECT_FALSE(Peer::parse(peer)) << peer;
  }
}

TEST(PeerListTest, TheMostExactPatternDecides) {
  const auto list = list_of({"*=http://127.0.0.1:1", "*.b.example=http://127.0.0.1:2",
                             "b.example=http://127.0.0.1:3", "*.x.b.example=http://127.0.0.1:4"});
  const auto port = [&](std::string_view name) { return list.find(domain(name))->url->port; };

  EXPECT_EQ(port("c.example"), 1);
  EXPECT_EQ(port("y.b.example"), 2);
  EXPECT_EQ(port("z.y.b.example"), 2);
  EXPECT_EQ(port("b.example"), 3);
  EXPECT_EQ(port("y.x.b.example"), 4);
  EXPECT_EQ(port("ab.example"), 1);
}

TEST(PeerListTest, WhoFitsNoPatternIsNoPeer) {
  const auto list = list_of({"*.peers.test", "b.example"});

  EXPECT_TRUE(list.find(domain("b.example")));
  EXPECT_TRUE(list.find(domain("x.peers.test")));
  for (const auto* other : {"peers.test", "xpeers.test", "c.example", "b.example.org"}) {
    EXPECT_FALSE(list.find(domain(other))) << other;
  }
}

TEST(PeerListTest, NobodyIsAPeerOfItself) {
  EXPECT_FALSE(list_of({"*"}).find(domain("a.example")));
  EXPECT_FALSE(list_of({"a.example"}).find(domain("A.EXAMPLE")));
}

}  // namespace
}  // namespace twostep::federation
