#include <gmock/gmock.h>

#include <random>
#include <string>
#include <vector>

#include "conformance/support/match.hpp"
#include "conformance/three_backends/cast.hpp"

namespace twostep::conformance {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;

constexpr int sends_with_each_down = 500;

/// Everything that can differ between two sends, chosen at random.
class Choice {
 public:
  explicit Choice(std::uint32_t seed) : random_(seed) {}

  template <class T>
  const T& of(const std::vector<T>& all) {
    return all[number(all.size())];
  }
  std::size_t number(std::size_t below) {
    return std::uniform_int_distribution<std::size_t>{0, below - 1}(random_);
  }
  bool yes() { return number(2) == 0; }

  Strategy strategy(const std::vector<QualifiedId>& users) {
    const std::vector<Strategy> all{report_all(),       ignore_all(),    report_only(users),
                                    ignore_only(users), report_only({}), ignore_only({})};
    return of(all);
  }

 private:
  std::mt19937 random_;
};

// FED-20  With an involved backend down, no message is delivered to anybody at any backend, whatever
//         its strategy, and the sender is told a federation error.
//
// Senders, conversations of every owner, recipients, strategies and flags are random. Then the backend
// is back, and the first message that anybody finds is one that was sent after all of these.
TEST(Fed20, OfAThousandRandomMessagesWithABackendDownNobodyHasAny) {
  const Cast cast;
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Choice choice{seed};
  const std::vector<Conversation> chats{cast.at_a, cast.at_b, cast.at_c};
  std::vector<QualifiedId> users;
  for (const auto& device : cast.all) users.push_back(device.user().id());

  for (const auto& down : {cast.b, cast.c}) {
    const Inboxes inboxes{cast};
    const std::vector<Device> senders{cast.alice, down.name() == "b" ? cast.charlie : cast.bob};
    down.kill();
    for (int n = 0; n < sends_with_each_down; ++n) {
      const auto& sender = choice.of(senders);
      Recipients recipients;
      for (const auto& recipient : cast.to_all(sender, "lost")) {
        if (choice.yes()) recipients.push_back(recipient);
      }
      SendOptions options{.strategy = choice.strategy({choice.of(users), choice.of(users)})};
      if (choice.yes()) options.native_push = choice.yes();
      if (choice.yes()) options.native_priority = Priority::low;

      const auto reply = sender.send(choice.of(chats), recipients, options);

      EXPECT_THAT(reply, HasStatus(AnyOf(521, 533)));
      EXPECT_THAT(reply,
                  HasLabel(AnyOf("federation-connection-refused", "federation-remote-error")));
    }
    down.start();
    cast.alice.must_send(cast.at_a, cast.to_all(cast.alice, "fence"));
    for (const auto& device : cast.all) {
      if (device.address() == cast.alice.address()) continue;
      EXPECT_THAT(inboxes.since(device), ElementsAre("fence")) << device.name();
    }
  }
}

}  // namespace
}  // namespace twostep::conformance
