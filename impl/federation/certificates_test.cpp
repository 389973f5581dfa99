#include "impl/federation/certificates.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "impl/federation/rig.hpp"

namespace twostep::federation {
namespace {

using service::PeerFailure;
using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Method = boost::asio::ssl::context;

std::size_t lines_of(const std::string& log) {
  return static_cast<std::size_t>(std::count(log.begin(), log.end(), '\n'));
}

TlsContexts contexts_of(std::string_view domain) {
  return load_certificates(TestAuthority::instance().good(domain), domain_of(domain)).value();
}

Listening::Options listening_as_a() { return {.tls = contexts_of("a.example").as_server}; }

TEST(Fed03, ACallWithACertificateAsItShouldBeIsLetIn) {
  Listening a{listening_as_a()};
  Calling b{{"a.example=" + a.url()}, {.tls = contexts_of("b.example").as_client}};

  const auto reply = b.call("a.example");

  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 200);
  EXPECT_THAT(a.calls(), ElementsAre("b.example brig/api-version"));
  EXPECT_THAT(a.log.text(), IsEmpty());
}

// Row by row: no certificate with which somebody could pass for b.example, and the log says so once.
TEST(Fed03, ACallWithAnyOtherCertificateIsRefused) {
  const auto& authority = TestAuthority::instance();
  ASSERT_THAT(authority.names_of_bad(), SizeIs(16));
  for (const auto& name : authority.names_of_bad()) {
    if (name == "clients-only") continue;  // Right for a caller.
    SCOPED_TRACE(name);
    Listening a{listening_as_a()};
    Calling b{{"a.example=" + a.url()},
              {.tls = careless_tls(authority.bad(name), Method::tls_client)}};

    const auto reply = b.call("a.example");

    if (reply) {
      EXPECT_EQ(reply->status, 403);
      EXPECT_THAT(reply->body, HasSubstr("authentication-failure"));
    } else {
      EXPECT_EQ(reply.error(), PeerFailure::tls);
    }
    EXPECT_THAT(a.calls(), IsEmpty());
    server::wait_until([&] { return lines_of(a.log.text()) == 1; });
  }
}

TEST(Fed03, ACallWithoutACertificateIsRefused) {
  Listening a{listening_as_a()};
  Calling b{{"a.example=" + a.url()}, {.tls = careless_tls({}, Method::tls_client)}};

  EXPECT_EQ(b.call("a.example").error(), PeerFailure::tls);
  EXPECT_THAT(a.calls(), IsEmpty());
  EXPECT_THAT(a.log.text(), HasSubstr("peer did not return a certificate"));
}

TEST(Fed03, OlderTlsIsRefused) {
  Listening a{listening_as_a()};
  auto old = careless_tls(TestAuthority::instance().good("b.example"), Method::tlsv12_client);
  Calling b{{"a.example=" + a.url()}, {.tls = std::move(old)}};

  EXPECT_EQ(b.call("a.example").error(), PeerFailure::tls);
}

TEST(Fed04, TheCertificateOfCDoesNotSpeakForB) {
  Listening a{listening_as_a()};
  Calling c{{"a.example=" + a.url()},
            {.self = "b.example", .tls = contexts_of("c.example").as_client}};

  const auto reply = c.call("a.example");

  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 403);
  EXPECT_THAT(reply->body, HasSubstr("authentication-failure"));
  EXPECT_THAT(a.calls(), IsEmpty());
  EXPECT_EQ(lines_of(a.log.text()), 1u);
}

// The same rows for the one that is called. A peer that cannot prove who it is gets no request.
TEST(Fed06, NobodyElsePassesForThePeer) {
  const auto& authority = TestAuthority::instance();
  for (const auto& name : authority.names_of_bad()) {
    if (name == "servers-only") continue;  // Right for who is called.
    SCOPED_TRACE(name);
    Listening b{{.self = "b.example",
                 .peers = {"a.example"},
                 .tls = careless_tls(authority.bad(name), Method::tls_server)}};
    Calling a{{"b.example=" + b.url()},
              {.self = "a.example", .tls = contexts_of("a.example").as_client}};

    EXPECT_EQ(a.call("b.example").error(), PeerFailure::tls);
    EXPECT_THAT(b.calls(), IsEmpty());
  }
}

TEST(Fed06, APeerWithoutTlsGetsNoRequest) {
  Stranger plain{says_at_once("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]")};
  const auto port = plain.url().substr(7);
  Calling a{{"b.example=https://" + port},
            {.self = "a.example", .tls = contexts_of("a.example").as_client}};

  EXPECT_EQ(a.call("b.example").error(), PeerFailure::tls);
}

TEST(Certificates, FilesThatCannotWorkAreRefusedAtTheStart) {
  const auto& authority = TestAuthority::instance();
  const auto reason = [](const CertificateFiles& files) {
    const auto loaded = load_certificates(files, domain_of("b.example"));
    return loaded ? std::string{"loaded"} : loaded.error().reason;
  };
  auto good = authority.good("b.example");

  EXPECT_EQ(reason(good), "loaded");
  EXPECT_THAT(reason(authority.good("c.example")), HasSubstr("does not name b.example"));
  EXPECT_THAT(reason(authority.bad("common-name-only")), HasSubstr("does not name b.example"));
  EXPECT_THAT(reason(authority.bad("weak-key")), HasSubstr("weak-key.pem"));
  auto files = good;
  files.key = authority.good("c.example").key;
  EXPECT_THAT(reason(files), HasSubstr("c.example.key"));
  files = good;
  files.authority = "/nowhere.pem";
  EXPECT_THAT(reason(files), HasSubstr("/nowhere.pem"));
}

}  // namespace
}  // namespace twostep::federation
