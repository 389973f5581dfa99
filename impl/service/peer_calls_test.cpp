#include "impl/service/peer_calls.hpp"

#include <gtest/gtest.h>

#include "impl/service/fakes.hpp"
#include "impl/store/accounts.hpp"
#include "impl/store/clients.hpp"
#include "impl/store/testing.hpp"
#include "impl/wire/labels.hpp"

namespace twostep::service {
namespace {

const auto b = *Domain::parse("b.example");
const auto bob = *UserId::parse("b0b00000-0000-4000-8000-000000000001");
const auto nobody = *UserId::parse("00000000-0000-4000-8000-000000000002");

class PeerCalls : public ::testing::Test {
 protected:
  PeerCalls() {
    introduce({&ours, &theirs});
    store::testing::write(their_rows, [](store::Transaction& rows) {
      Account account;
      account.id = bob;
      store::put_account(rows, account);
      Client phone;
      phone.id = {0xb1};
      phone.device_class = "phone";
      store::put_client(rows, bob, phone);
    }).value();
  }

  Result<wire::PeerClients> ask() { return run(get_user_clients(ours.backend, b, {bob, nobody})); }

  std::string error_when(FakePeers::Answered answer) {
    ours.peers.answers.insert_or_assign("b.example get-user-clients", std::move(answer));
    const auto asked = ask();
    ours.peers.answers.clear();
    return asked ? "none" : wire::error_body(asked.error());
  }

  store::MemoryStore our_rows;
  store::MemoryStore their_rows;
  FakeWorld ours{our_rows, "a.example"};
  FakeWorld theirs{their_rows, "b.example"};
};

TEST_F(PeerCalls, ReachAnotherBackend) {
  const auto clients = ask().value();
  ASSERT_EQ(clients.size(), 1u);
  ASSERT_EQ(clients.at(bob).size(), 1u);
  EXPECT_EQ(clients.at(bob).front().id, ClientId{0xb1});
  EXPECT_EQ(clients.at(bob).front().device_class, "phone");
}

struct Fed67 : PeerCalls {};

TEST_F(Fed67, AnErrorOfThePeerIsTheInnerOne) {
  const std::string data =
      R"("data":{"type":"federation","domain":"b.example","path":"/federation/brig/get-user-clients"})";
  EXPECT_EQ(error_when(PeerReply{403, R"({"code":403,"label":"no"})"}),
            R"({"code":533,"label":"federation-remote-error","message":)"
            R"("The other backend refused",)" +
                data + R"(,"inner":{"code":403,"label":"no"}})");
}

TEST_F(Fed67, WhatIsNoJsonObjectIsNotHandedOn) {
  EXPECT_NE(error_when(PeerReply{502, "<html>"}).find(R"("inner":{"code":502}})"),
            std::string::npos);
}

TEST_F(Fed67, TellsAnswersThatAreNoJsonFromThoseOfAnotherShape) {
  EXPECT_NE(error_when(PeerReply{200, "<html>"}).find("federation-invalid-body"),
            std::string::npos);
  EXPECT_NE(error_when(PeerReply{200, "[]"}).find("federation-unexpected-body"), std::string::npos);
}

struct Fed66 : PeerCalls {};

TEST_F(Fed66, APeerThatIsNotThereIsNamed) {
  const std::string data =
      R"("data":{"type":"federation","domain":"b.example","path":"/federation/brig/get-user-clients"})";
  EXPECT_EQ(error_when(PeerFailure::unreachable),
            R"({"code":521,"label":"federation-connection-refused","message":)"
            R"("The other backend cannot be reached",)" +
                data + "}");
}

TEST_F(PeerCalls, AreNotMadeWhereFederationIsOff) {
  ours.backend.peers = nullptr;
  EXPECT_EQ(ask().error().reason, Reason::federation_not_enabled);
}

TEST_F(PeerCalls, OfWhatNobodyAnswersAreRefused) {
  const PeerRequest request{.origin = b, .component = "brig", .rpc = "no-such-rpc", .body = "{}"};
  EXPECT_EQ(run(answer_peer(ours.backend, request)).status, 404);
}

}  // namespace
}  // namespace twostep::service
