#include <algorithm>
#include <string>

#include "conformance/deliver/pushes.hpp"
#include "conformance/support/backend.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

/// The tokens that the user has registered.
std::vector<std::string> tokens_of(const Device& device) {
  const auto reply = device.get("/push/tokens");
  require_setup(reply, {200}, "listing push tokens");
  std::vector<std::string> tokens;
  for (const auto& token : reply.json.value("tokens", Json::array())) {
    tokens.push_back(token.value("token", ""));
  }
  return tokens;
}

/// Whether the device has an event in its inbox that names this token as removed.
bool told_of_removal(const Device& device, const std::string& token) {
  const auto events = device.catch_up().events("user.push-remove");
  return std::any_of(events.begin(), events.end(), [&](const Json& event) {
    return event.value("token", Json::object()).value("token", "") == token;
  });
}

// DLV-22  A token that the push gateway declares dead is removed, and its client finds an event
//         `user.push-remove` that names it.
//
// Another client's token, which was used as well, stays.
TEST(Dlv22, ADeadTokenIsRemovedAndItsClientIsTold) {
  const auto gateway = PushSink::under_test();
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto tablet = bob.user().device();
  auto chat = conversation_of({alice, bob});
  const auto dead = pushed_to(bob, gateway);
  const auto alive = pushed_to(tablet, gateway);
  gateway.answer(dead, PushAnswer::gone);

  alice.must_send(chat, to_each({bob, tablet}, "hello"));

  EXPECT_TRUE(becomes_true([&] { return told_of_removal(bob, dead); }));
  EXPECT_THAT(tokens_of(bob), Not(Contains(dead)));
  EXPECT_THAT(tokens_of(bob), Contains(alive));
}

// DLV-23  A failing push gateway changes neither the answer of a send nor what is stored or sent on
//         sockets.
TEST(Dlv23, AFailingGatewayChangesNothingElse) {
  const auto gateway = PushSink::under_test();
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto tablet = bob.user().device();
  auto chat = conversation_of({alice, bob});
  const auto token = pushed_to(bob, gateway);
  gateway.answer(token, PushAnswer::fail);
  auto socket = tablet.open_socket();

  for (const auto* body : {"one", "two"}) {
    EXPECT_THAT(alice.send(chat, to_each({bob, tablet}, body)), Acknowledged());
    gateway.wait_for(token);
  }

  EXPECT_TRUE(socket.receives("one"));
  EXPECT_TRUE(socket.receives("two"));
  EXPECT_THAT(bob.catch_up().bodies(), ElementsAre("one", "two"));
}

// DLV-23  … and when it works again, later messages are pushed again.
//
// A backend may also repeat what failed, so the later one need not come next.
TEST(Dlv23, WhenTheGatewayWorksAgainItIsCalledAgain) {
  const auto gateway = PushSink::under_test();
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  const auto token = pushed_to(bob, gateway);
  gateway.answer(token, PushAnswer::fail);
  alice.must_send(chat, {{bob, "while it fails"}});
  gateway.wait_for(token);

  gateway.answer(token, PushAnswer::accept);
  alice.must_send(chat, {{bob, "later"}});

  const auto later = bob.newest();
  std::vector<std::string> pushed;
  EXPECT_TRUE(becomes_true([&] {
    pushed = ids_of(gateway.wait_for(token, pushed.size() + 1));
    return std::find(pushed.begin(), pushed.end(), later) != pushed.end();
  }));
}

}  // namespace
}  // namespace twostep::conformance
