#include "conformance/support/federated.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;

using Issuer = CertificateWish::Issuer;
using Purpose = CertificateWish::Purpose;
using Validity = CertificateWish::Validity;

/// Refused by the handshake, which ends without an answer, or with a status that says so.
auto IsRefusedForItsCertificate() { return HasStatus(AnyOf(0, 400, 403)); }

// FED-03  A call without a certificate is refused, and changes nothing.
TEST(Fed03, ACallWithoutACertificateIsRefused) {
  require_certificates();
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_at(bob, {alice});

  b.presents_no_certificate();
  EXPECT_THAT(tell(bob, chat, {{alice, "of nobody"}}), IsRefusedForItsCertificate());
  b.presents({.domain = b.domain()});
  must_tell(bob, chat, {{alice, "fence"}});

  EXPECT_THAT(alice.catch_up().bodies(), ElementsAre("fence"));
}

// FED-03  So is one with a certificate that is over, not yet valid, of another authority, its own, or for
//         servers only, though it names the caller's domain.
TEST(Fed03, ACertificateThatIsNotGoodIsRefused) {
  require_certificates();
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_at(bob, {alice});
  const std::vector<std::pair<std::string, CertificateWish>> wishes = {
      {"over", {.domain = b.domain(), .validity = Validity::over}},
      {"not yet valid", {.domain = b.domain(), .validity = Validity::not_yet}},
      {"of another authority", {.domain = b.domain(), .issuer = Issuer::stranger}},
      {"signed by itself", {.domain = b.domain(), .issuer = Issuer::itself}},
      {"for servers only", {.domain = b.domain(), .purpose = Purpose::servers}},
  };

  for (const auto& [what, wish] : wishes) {
    b.presents(wish);
    EXPECT_THAT(tell(bob, chat, {{alice, what}}), IsRefusedForItsCertificate()) << what;
  }
  b.presents({.domain = b.domain()});
  must_tell(bob, chat, {{alice, "fence"}});

  EXPECT_THAT(alice.catch_up().bodies(), ElementsAre("fence"));
}

// FED-03  A certificate for clients only is good for a call.
TEST(Fed03, ACertificateForClientsIsGoodForACall) {
  require_certificates();
  Backend::under_test();
  const auto b = Peer::under_test("b");

  b.presents({.domain = b.domain(), .purpose = Purpose::clients});

  EXPECT_THAT(b.call(rpc::api_version, Json::array()), HasStatus(200));
}

// FED-04  C cannot call as B: its certificate names C.
TEST(Fed04, ACertificateOfAnotherDomainIsRefused) {
  require_certificates();
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_at(bob, {alice});
  const auto told = message_sent_body(bob, chat, {{alice, "of c"}});

  const auto reply = c.call_as(b.domain(), "/federation/" + rpc::on_message_sent, told.dump());
  must_tell(bob, chat, {{alice, "fence"}});

  EXPECT_THAT(reply, IsError(403, "authentication-failure"));
  EXPECT_THAT(alice.catch_up().bodies(), ElementsAre("fence"));
}

// FED-06  A peer whose certificate is not good, or names somebody else, is sent no request.
TEST(Fed06, APeerThatCannotProveWhoItIsIsSentNoRequest) {
  require_certificates();
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob});
  const std::vector<std::pair<std::string, CertificateWish>> wishes = {
      {"over", {.domain = b.domain(), .validity = Validity::over}},
      {"not yet valid", {.domain = b.domain(), .validity = Validity::not_yet}},
      {"of another authority", {.domain = b.domain(), .issuer = Issuer::stranger}},
      {"signed by itself", {.domain = b.domain(), .issuer = Issuer::itself}},
      {"for clients only", {.domain = b.domain(), .purpose = Purpose::clients}},
      {"of another domain", {.domain = "c.example"}},
  };

  for (const auto& [what, wish] : wishes) {
    b.presents(wish);
    EXPECT_THAT(alice.send(chat, {{bob, "hello"}}), IsError(525, "federation-tls-error")) << what;
  }
  b.presents({.domain = b.domain()});
  b.expects(rpc::get_user_clients);
  b.expects(rpc::on_message_sent);

  EXPECT_THAT(alice.send(chat, {{bob, "fence"}}), Acknowledged());
}

}  // namespace
}  // namespace twostep::conformance
