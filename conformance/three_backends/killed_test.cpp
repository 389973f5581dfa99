#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <vector>

#include "conformance/support/match.hpp"
#include "conformance/three_backends/rig.hpp"

namespace twostep::conformance {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Which backend is killed at which point of which call to which backend, while somebody at A or C
/// sends in the conversation of A.
struct Row {
  std::string sender_at;
  std::string killed;
  std::string called;
  std::string rpc;
  Point point;

  std::string text() const {
    return "sender at " + sender_at + ", " + killed + " killed, " + rpc + " to " + called + ' ' +
           name_of(point);
  }
};

/// What became of it: the sender's reply, and where the message was found, once everybody was back.
struct Outcome {
  Reply reply;
  std::vector<std::string> has_it;  ///< Backends all of whose devices have it once.
  std::vector<Address> reported;    ///< `failed_to_send`
};

// The fence: a later message is there for everybody, and before it lies just what there was.
bool all_have(const Cast& cast, const Inboxes& inboxes, const std::string& server,
              const Device& sender) {
  std::vector<std::size_t> counts;
  for (const auto& device : cast.all) {
    const auto address = device.address();
    if (address.user.domain != server + ".example" || address == sender.address()) continue;
    const auto bodies = inboxes.since(device);
    EXPECT_FALSE(bodies.empty()) << device.name();
    if (bodies.empty()) continue;
    EXPECT_EQ(bodies.back(), "fence") << device.name();
    counts.push_back(bodies.size() - 1);
    EXPECT_THAT(bodies, AnyOf(ElementsAre("fence"), ElementsAre("hello", "fence")))
        << device.name();
  }
  EXPECT_EQ(std::count(counts.begin(), counts.end(), counts.front()), std::ssize(counts))
      << "some devices at " << server << " have it and some do not";
  return counts.front() == 1;
}

Outcome play(Rig& rig, const Row& row) {
  auto& cast = rig.cast;
  const Inboxes inboxes{cast};
  const auto& sender = rig.sender_at(row.sender_at);
  const auto& killed = rig.server(row.killed);
  rig.before(row.called).once(row.rpc, row.point, [&] { killed.kill(); });

  Outcome outcome;
  outcome.reply = sender.send(cast.at_a, cast.to_all(sender, "hello"));
  EXPECT_TRUE(rig.before(row.called).happened());
  if (outcome.reply.status == 201) {
    outcome.reported = clients_in(outcome.reply, "failed_to_send");
  }

  // If the sender's backend is gone, so is the reply; the owner may still be at it.
  rig.before_a.wait_until_idle();
  killed.start();
  cast.alice.must_send(cast.at_a, cast.to_all(cast.alice, "fence"));
  for (const std::string server : {"a", "b", "c"}) {
    // Of the sender's own backend the sending device is no recipient, of A the fence's sender neither.
    const auto& nobody = server == "a" ? cast.alice : sender;
    if (all_have(cast, inboxes, server, nobody)) outcome.has_it.push_back(server);
  }
  return outcome;
}

// FED-20  If an involved backend fails when it is asked for clients, nobody has the message.
TEST(Fed20, ABackendThatIsKilledBeforeItHasNamedItsClientsStopsTheMessage) {
  Rig rig;
  for (const std::string sender_at : {"a", "c"}) {
    for (const std::string killed : {"b", "c"}) {
      for (const auto point :
           {Point::before_it_arrives, Point::in_the_middle, Point::answer_lost}) {
        const Row row{sender_at, killed, killed, rpc::get_user_clients, point};
        SCOPED_TRACE(row.text());

        const auto outcome = play(rig, row);

        EXPECT_THAT(outcome.has_it, IsEmpty());
        if (killed == sender_at) {
          EXPECT_FALSE(outcome.reply.answered());
        } else {
          EXPECT_THAT(outcome.reply, HasStatus(AnyOf(521, 533)));
        }
      }
    }
  }
}

// FED-25  A backend that fails when it is told to store is reported, and all others have the message.
//
// This is the window of M1: the backend has named its clients, and is gone before it has stored.
TEST(Fed25, ABackendThatIsKilledBeforeItHasStoredIsReported) {
  Rig rig;
  for (const std::string sender_at : {"a", "c"}) {
    for (const std::string killed : {"b", "c"}) {
      const auto row_of = [&](const std::string& called, Point point) {
        return Row{sender_at, killed, killed, called, point};
      };
      for (const auto& row : {row_of(rpc::get_user_clients, Point::answered),
                              row_of(rpc::on_message_sent, Point::before_it_arrives),
                              row_of(rpc::on_message_sent, Point::in_the_middle)}) {
        SCOPED_TRACE(row.text());

        const auto outcome = play(rig, row);

        const std::string other = killed == "b" ? "c" : "b";
        EXPECT_THAT(outcome.has_it, ElementsAre("a", other));
        if (killed == sender_at) {
          EXPECT_FALSE(outcome.reply.answered());
        } else {
          EXPECT_THAT(outcome.reply, Acknowledged());
          const auto& sender = rig.sender_at(sender_at);
          EXPECT_EQ(outcome.reported, rig.cast.at(rig.server(killed), sender));
        }
      }
    }
  }
}

// FED-28  What a backend has answered to on-message-sent survives its end.
//
// If the answer is lost, the sender is told of a failure that was none: M1 cannot know.
TEST(Fed28, ABackendThatIsKilledAfterItHasStoredHasStored) {
  Rig rig;
  for (const std::string sender_at : {"a", "c"}) {
    for (const std::string killed : {"b", "c"}) {
      for (const auto point : {Point::answered, Point::answer_lost}) {
        const Row row{sender_at, killed, killed, rpc::on_message_sent, point};
        SCOPED_TRACE(row.text());

        const auto outcome = play(rig, row);

        EXPECT_THAT(outcome.has_it, ElementsAre("a", "b", "c"));
        if (killed == sender_at) {
          EXPECT_FALSE(outcome.reply.answered());
          continue;
        }
        EXPECT_THAT(outcome.reply, Acknowledged());
        const auto& sender = rig.sender_at(sender_at);
        const auto theirs = rig.cast.at(rig.server(killed), sender);
        EXPECT_EQ(outcome.reported, point == Point::answered ? std::vector<Address>{} : theirs);
      }
    }
  }
}

// FED-42  The sender's own backend is killed while the owner has its call: it is asked for clients like any
//         other, so nobody has the message, unless the owner was done.
TEST(Fed42, TheSendersBackendThatIsKilledStopsTheMessageUnlessTheOwnerWasDone) {
  Rig rig;
  for (const auto point :
       {Point::before_it_arrives, Point::in_the_middle, Point::answered, Point::answer_lost}) {
    const Row row{"c", "c", "a", rpc::send_message, point};
    SCOPED_TRACE(row.text());

    const auto outcome = play(rig, row);

    EXPECT_FALSE(outcome.reply.answered());
    if (point == Point::answered || point == Point::answer_lost) {
      EXPECT_THAT(outcome.has_it, ElementsAre("a", "b", "c"));
    } else {
      EXPECT_THAT(outcome.has_it, IsEmpty());
    }
  }
}

// FED-37  The owner is killed with the call of the sender's backend: the sender is told a federation
//         error, and nobody has the message, unless the owner was done.
TEST(Fed37, TheOwnerThatIsKilledIsAFederationError) {
  Rig rig;
  for (const auto point : {Point::before_it_arrives, Point::in_the_middle, Point::answer_lost}) {
    const Row row{"c", "a", "a", rpc::send_message, point};
    SCOPED_TRACE(row.text());

    const auto outcome = play(rig, row);

    EXPECT_THAT(outcome.reply, HasStatus(AnyOf(521, 533)));
    if (point == Point::answer_lost) {
      EXPECT_THAT(outcome.has_it, ElementsAre("a", "b", "c"));
    } else {
      EXPECT_THAT(outcome.has_it, IsEmpty());
    }
  }
}

}  // namespace
}  // namespace twostep::conformance
