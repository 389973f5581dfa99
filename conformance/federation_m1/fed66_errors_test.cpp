#include "conformance/federation_m1/faults.hpp"
#include "conformance/support/at_once.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/support/context.hpp"
#include "conformance/support/federated.hpp"
#include "conformance/support/match.hpp"
#include "conformance/support/outcome.hpp"

namespace twostep::conformance {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;

std::string path_of(const Reply& reply) {
  const auto path = part(reply.json, "/data/path");
  return path.is_string() ? path.get<std::string>() : "none";
}

// FED-05  A domain that is not allowed is not called. Where every domain is allowed, one that is not there
//         cannot be found.
TEST(Fed05, ADomainThatIsNotAllowedIsNotCalled) {
  auto backend = Backend::under_test();
  Peer::under_test("b");
  const auto alice = backend.user("alice");
  const auto outside = "outside-" + random_hex(12) + ".example";

  const auto reply = alice.post("/connections/" + outside + "/" + random_uuid());

  EXPECT_THAT(reply, AnyOf(IsError(400, "federation-denied"), IsError(422, "invalid-domain")));
  if (reply.status == 422) note_reading("every domain is allowed");
}

// FED-05  Nor may it call. Without certificates a target may believe anybody.
TEST(Fed05, ADomainThatIsNotAllowedMayNotCall) {
  const auto b = Peer::under_test("b");
  const auto outside = "outside-" + random_hex(12) + ".example";

  const auto reply = b.call_as(outside, "/federation/" + rpc::get_user_clients, R"({"users": []})");

  EXPECT_THAT(reply, AnyOf(IsClientError(), HasStatus(200)));
  if (reply.status == 200) note_reading("without certificates every origin is believed");
}

// FED-10  An answer that does not end fails its own call, and meanwhile others are served.
TEST(Fed10, AnAnswerThatDoesNotEndFailsItsOwnCall) {
  const LongPatience patience;
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob});
  const auto local = conversation_of({alice, ann});
  b.expects(rpc::get_user_clients, without_end());

  at_once({
      [&] {
        EXPECT_THAT(alice.send(chat, {{bob, "hello"}}), IsFederationError(b.domain()));
      },
      [&] {
        EXPECT_THAT(ann.send(local, {{alice, "hello"}}), Acknowledged());
      },
  });
  EXPECT_THAT(ann.send(local, {{alice, "again"}}), Acknowledged());
}

// FED-10  So does one that ends, but is far too large for what was asked.
TEST(Fed10, AnAnswerThatIsTooLargeFailsItsOwnCall) {
  constexpr std::size_t too_much = 64 * 1024 * 1024;
  const LongPatience patience;
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob});
  b.expects(rpc::get_user_clients, with_text("{}" + std::string(too_much, ' ')));

  EXPECT_THAT(alice.send(chat, {{bob, "hello"}}, {.strategy = ignore_all()}),
              IsFederationError(b.domain()));
}

// FED-66  A failed call is an error with the peer's domain and the call's path.
TEST(Fed66, AnErrorNamesThePeerAndTheCall) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto of_a = conversation_with(alice, {bob});
  const auto of_b = conversation_at(bob, {alice});
  b.expects(rpc::get_user_clients, by_reset());
  b.expects(rpc::send_message, by_reset());

  const auto asking = alice.send(of_a, {{bob, "hello"}});
  const auto sending = alice.send(of_b, {{bob, "hello"}});

  EXPECT_THAT(asking, IsFederationError(b.domain()));
  EXPECT_EQ(path_of(asking), "/federation/" + rpc::get_user_clients);
  EXPECT_THAT(sending, IsFederationError(b.domain()));
  EXPECT_EQ(path_of(sending), "/federation/" + rpc::send_message);
}

// FED-66  A peer that is down: 521 or 533, as far as a connection that is cut tells that it is down.
TEST(Fed66, APeerThatIsDownIs521Or533) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob});

  for (const auto& fault : {by_reset(), by_hanging_up(), by_half_an_answer()}) {
    b.expects(rpc::get_user_clients, fault);
    EXPECT_THAT(alice.send(chat, {{bob, "hello"}}), HasStatus(AnyOf(521, 533)));
  }
}

// FED-67  An error of the peer is the inner one, whatever its status.
TEST(Fed67, AnErrorOfThePeerIsTheInnerOne) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob});

  for (const auto& [status, label] : {std::pair{400, "federation-denied"},
                                      {403, "authentication-failure"},
                                      {500, "server-error"},
                                      {503, "unavailable"}}) {
    b.expects(rpc::get_user_clients, with_error(status, label));
    const auto reply = alice.send(chat, {{bob, "hello"}});
    EXPECT_THAT(reply, IsError(533, "federation-remote-error"));
    EXPECT_EQ(part(reply.json, "/inner/code"), status);
    EXPECT_EQ(part(reply.json, "/inner/label"), label);
  }
}

// FED-67  An error without an error body is one all the same.
TEST(Fed67, AnErrorWithoutABodyIsOneAllTheSame) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob});

  for (const auto& answer : {with_text("<html>", 502), with_text("", 500), with_json({}, 404),
                             with_json(Json::object(), 202)}) {
    b.expects(rpc::get_user_clients, answer);
    EXPECT_THAT(alice.send(chat, {{bob, "hello"}}),
                AllOf(IsError(533, "federation-remote-error"), IsFederationError(b.domain())));
  }
}

// FED-67  An answer that is no JSON.
TEST(Fed67, AnAnswerThatIsNoJsonIsAnInvalidBody) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob});

  for (const auto* text : {"", "{", "clients", "{} {}"}) {
    b.expects(rpc::get_user_clients, with_text(text));
    EXPECT_THAT(alice.send(chat, {{bob, "hello"}}), IsError(533, "federation-invalid-body"))
        << text;
  }
}

// FED-67  An answer of another shape.
TEST(Fed67, AnAnswerOfAnotherShapeIsAnUnexpectedBody) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob});

  for (const auto& fault : wrong_client_lists(bob.user().id().id)) {
    b.expects(rpc::get_user_clients, fault.answering);
    EXPECT_THAT(alice.send(chat, {{bob, "hello"}}), IsError(533, "federation-unexpected-body"))
        << "b " << fault.name;
  }
}

// FED-68  A silent peer keeps nobody waiting for more than 30 seconds, in whatever part it is silent.
TEST(Fed68, ASilentPeerIsGivenUp) {
  const LongPatience patience;
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto bob = b.user("bob").device();
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann").device();
  const auto asked = backend.user("asked").device();
  const auto as_clients = conversation_with(alice, {bob});
  const auto as_owner = conversation_at(bob, {ann});
  b.expects(rpc::get_user_clients, by_silence());
  b.expects(rpc::send_message, by_silence());
  b.expects(rpc::send_connection_action, by_silence());

  at_once({
      [&] {
        EXPECT_THAT(alice.send(as_clients, {{bob, "hello"}}), IsFederationError(b.domain()));
      },
      [&] {
        EXPECT_THAT(ann.send(as_owner, {{bob, "hello"}}), IsFederationError(b.domain()));
      },
      [&] {
        const auto path = "/connections/" + b.domain() + "/" + b.user("bill").id().id;
        EXPECT_THAT(asked.user().post(path), IsFederationError(b.domain()));
      },
  });
}

}  // namespace
}  // namespace twostep::conformance
