#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "conformance/support/at_once.hpp"
#include "conformance/support/match.hpp"
#include "conformance/three_backends/cast.hpp"

namespace twostep::conformance {
namespace {

constexpr int many = 200;

std::set<std::string> bodies_of_all() {
  std::set<std::string> bodies;
  for (int n = 0; n < many; ++n) bodies.insert("message " + std::to_string(n));
  return bodies;
}

/// Sends so many messages at once, each over a connection of its own, and sees each of them everywhere once.
void send_many(const Cast& cast, const std::vector<std::pair<Server, Device>>& senders,
               const std::vector<Conversation>& chats) {
  const Inboxes inboxes{cast};
  std::vector<Reply> replies(many);
  std::vector<std::function<void()>> actions;
  for (std::size_t n = 0; n < many; ++n) {
    const auto& [server, device] = senders[n % senders.size()];
    const auto& chat = chats[n % chats.size()];
    const auto body = "message " + std::to_string(n);
    const auto message = encode_message(device.id(), cast.to_all(device, body), {});
    const auto caller = server.caller(device);
    actions.push_back([&reply = replies[n], caller, message, path = chat.path()] {
      reply = caller.request("POST", path + "/proteus/messages", message,
                             {.content_type = "application/x-protobuf"});
    });
  }

  at_once(actions);

  for (const auto& reply : replies) {
    EXPECT_THAT(reply, Acknowledged());
    EXPECT_TRUE(clients_in(reply, "failed_to_send").empty());
  }
  for (const auto& device : cast.all) {
    const bool sends = std::any_of(senders.begin(), senders.end(), [&](const auto& sender) {
      return sender.second.address() == device.address();
    });
    if (sends) continue;
    const auto found = inboxes.since(device);
    EXPECT_EQ(found.size(), static_cast<std::size_t>(many)) << device.name();
    EXPECT_EQ(std::set<std::string>(found.begin(), found.end()), bodies_of_all()) << device.name();
  }
}

// FED-41  A backend answers calls while its own are pending: each of these messages has A ask C twice
//         before it answers C.
TEST(Fed41, TwoHundredMessagesAtOnceFromCToAConversationOfA) {
  const Cast cast;
  send_many(cast, {{cast.c, cast.charlie}}, {cast.at_a});
}

// The same both ways: A waits for C as the owner while C waits for A as one.
TEST(Fed41, TwoHundredMessagesAtOnceBetweenTwoOwners) {
  const Cast cast;
  send_many(cast, {{cast.a, cast.alice}, {cast.c, cast.charlie}}, {cast.at_c, cast.at_a});
}

}  // namespace
}  // namespace twostep::conformance
