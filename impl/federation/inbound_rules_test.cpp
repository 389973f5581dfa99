#include "impl/federation/inbound_rules.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace twostep::federation {
namespace {

const PeerList& peers() {
  static const PeerList list{Domain::parse("a.example").value(),
                             {Peer::parse("b.example").value(), Peer::parse("c.example").value()}};
  return list;
}

RequestHead head(std::string target, std::string origin = "b.example") {
  return {.method = "POST",
          .target = std::move(target),
          .fields = {{"host", "a.example"}, {"wire-origin-domain", std::move(origin)}},
          .framing = {}};
}

Result<Admitted> admitted(const RequestHead& request) {
  return admit(request, peers(), [](const Domain&) { return true; });
}

TEST(Fed01, ACallIsAPostToItsPath) {
  const auto call = admitted(head("/federation/galley/on-message-sent"));

  ASSERT_TRUE(call);
  EXPECT_EQ(call->origin.text(), "b.example");
  EXPECT_EQ(call->component, "galley");
  EXPECT_EQ(call->rpc, "on-message-sent");
}

// Paths are compared as they came: nothing is decoded or normalised, so nothing can be hidden.
TEST(Fed02, APathOfAnotherFormLeadsNowhere) {
  using Row = std::pair<const char*, Reason>;
  const std::vector<Row> rows{
      {"/", Reason::no_endpoint},
      {"/i/status", Reason::no_endpoint},
      {"/federation", Reason::no_endpoint},
      {"/federation/", Reason::no_endpoint},
      {"/federation/brig", Reason::no_endpoint},
      {"/federation/brig/", Reason::no_endpoint},
      {"/federation//api-version", Reason::no_endpoint},
      {"/federation/brig/api-version/", Reason::no_endpoint},
      {"/federation/brig/api-version/x", Reason::no_endpoint},
      {"//federation/brig/api-version", Reason::no_endpoint},
      {"/Federation/brig/api-version", Reason::no_endpoint},
      {"/v9/federation/brig/api-version", Reason::no_endpoint},
      {"/federation/../i/status", Reason::no_endpoint},
      {"/federation/./api-version", Reason::no_endpoint},
      {"/federation/brig/..", Reason::no_endpoint},
      {"/federation/brig/../../i/status", Reason::no_endpoint},
      {"/federation/%2e%2e/status", Reason::bad_request},
      {"/federation/brig/%2e%2e", Reason::bad_request},
      {"/federation/brig%2fapi-version", Reason::no_endpoint},
      {"/federation/brig/api%2dversion", Reason::bad_request},
      {"/federation/brig/api.version", Reason::bad_request},
      {"/federation/brig/api;version", Reason::bad_request},
      {"/federation/br ig/api-version", Reason::bad_request},
      {"/federation/brig/api-version?", Reason::invalid_endpoint},
      {"/federation/brig/api-version?x=/../", Reason::invalid_endpoint},
  };
  for (const auto& [target, reason] : rows) {
    const auto call = admitted(head(target));
    ASSERT_FALSE(call) << target;
    EXPECT_EQ(call.error().reason, reason) << target;
  }
  EXPECT_EQ(admitted(head("/federation/brig/" + std::string(65, 'x'))).error().reason,
            Reason::bad_request);
}

TEST(Fed02, AnotherMethodIsRefused) {
  for (const auto* method : {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "post", "CONNECT"}) {
    auto request = head("/federation/brig/api-version");
    request.method = method;
    EXPECT_EQ(admitted(request).error().reason, Reason::invalid_endpoint) << method;
  }
}

TEST(Fed02, WithoutOneOriginThereIsNobodyToBelieve) {
  auto nobody = head("/federation/brig/api-version");
  nobody.fields.pop_back();
  auto two = head("/federation/brig/api-version");
  two.fields.emplace_back("wire-origin-domain", "b.example");

  EXPECT_EQ(admitted(nobody).error().reason, Reason::bad_request);
  EXPECT_EQ(admitted(two).error().reason, Reason::bad_request);
}

TEST(InboundRules, AnotherVersionIsRefusedRatherThanMisread) {
  for (const auto* version : {"0", "2", "", "1.0", "one"}) {
    auto call = head("/federation/galley/send-message");
    call.fields.emplace_back("x-wire-api-version", version);
    EXPECT_EQ(admitted(call).error().reason, Reason::unsupported_version) << version;
    auto question = head("/federation/brig/api-version");
    question.fields.emplace_back("x-wire-api-version", version);
    EXPECT_TRUE(admitted(question)) << version;
  }
  auto ours = head("/federation/galley/send-message");
  ours.fields.emplace_back("x-wire-api-version", "1");
  EXPECT_TRUE(admitted(ours));
}

TEST(Fed05, WhoIsNoPeerIsRefused) {
  const auto call = admitted(head("/federation/brig/api-version", "d.example"));
  EXPECT_EQ(call.error().reason, Reason::federation_denied);
  const auto self = admitted(head("/federation/brig/api-version", "a.example"));
  EXPECT_EQ(self.error().reason, Reason::federation_denied);
}

TEST(Fed08, ADomainHasOneNormalForm) {
  for (const auto* same : {"b.example", "B.EXAMPLE", "b.Example"}) {
    const auto call = admitted(head("/federation/brig/api-version", same));
    ASSERT_TRUE(call) << same;
    EXPECT_EQ(call->origin.text(), "b.example");
  }
  for (const auto* other : {"", "b.example.", ".b.example", "b..example", "b.example:443",
                            "u@b.example", "https://b.example", "b.example/", "b.example,c.example",
                            "b.example c.example", "127.0.0.1", "[::1]", "bücher.example",
                            "b_c.example", "-b.example", "example", "*.example", "b.example%00"}) {
    const auto call = admitted(head("/federation/brig/api-version", other));
    ASSERT_FALSE(call) << other;
    EXPECT_EQ(call.error().reason, Reason::bad_request) << other;
  }
}

// The proof is asked for the domain that the call claims, and before the list: a stranger does not
// learn from us who our peers are.
TEST(Fed04, TheClaimedDomainHasToBeProven) {
  std::vector<std::string> asked;
  const auto proves = [&](const Domain& domain) {
    asked.push_back(domain.text());
    return domain.text() == "b.example";
  };

  EXPECT_TRUE(admit(head("/federation/brig/api-version", "b.example"), peers(), proves));
  for (const auto* other : {"c.example", "d.example"}) {
    const auto call = admit(head("/federation/brig/api-version", other), peers(), proves);
    EXPECT_EQ(call.error().reason, Reason::peer_authentication_failure) << other;
  }
  EXPECT_EQ(asked, (std::vector<std::string>{"b.example", "c.example", "d.example"}));
}

}  // namespace
}  // namespace twostep::federation
