#include <set>
#include <string>
#include <vector>

#include "conformance/histories/killed_history.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::IsEmpty;

// SND-03  What a 201 acknowledged survives the abrupt end of the server process: none of ten thousand
//         is missing, and none is there twice.
//
// Eight senders never stop, so each of the twenty kills strikes while messages are being stored, and
// the answers to some have just been written.
TEST(Snd03, NoneOfTenThousandIsLostWhileTheServerIsKilledTwentyTimes) {
  const auto server = Process::under_test();
  const auto seed = fresh_seed();
  SCOPED_TRACE("seed " + std::to_string(seed));

  const auto history = play(server, {.acknowledgements = 10'000, .kills = 20, .seed = seed});

  for (const auto& recipient : history.recipients) {
    const Inbox inbox{recipient};
    std::vector<std::string> missing;
    std::vector<std::string> repeated;
    for (const auto& body : history.acknowledged) {
      if (inbox.count(body) == 0) missing.push_back(body);
      if (inbox.count(body) > 1) repeated.push_back(body);
    }
    EXPECT_THAT(missing, IsEmpty()) << "of " << recipient.name();
    EXPECT_THAT(repeated, IsEmpty()) << "of " << recipient.name();
  }
}

// SND-06  A message whose send ended without an answer is stored for all of its valid clients or for
//         none of them (S13), and never twice.
//
// The clients lie in two inboxes, so that a backend which stores them one after the other has a
// moment at which the kill finds it half done.
TEST(Snd06, WhatWasNotAnsweredIsEverywhereOrNowhere) {
  const auto server = Process::under_test();
  const auto seed = fresh_seed();
  SCOPED_TRACE("seed " + std::to_string(seed));

  const auto history = play(server, {.acknowledgements = 1'000, .kills = 10, .seed = seed});

  std::vector<Inbox> inboxes;
  for (const auto& recipient : history.recipients) inboxes.emplace_back(recipient);
  std::vector<std::string> partial;
  for (const auto& body : history.open) {
    std::set<std::size_t> counts;
    for (const auto& inbox : inboxes) counts.insert(inbox.count(body));
    if (counts.size() > 1 || *counts.begin() > 1) partial.push_back(body);
  }
  EXPECT_THAT(partial, IsEmpty()) << "of " << history.open.size() << " without an answer";
}

}  // namespace
}  // namespace twostep::conformance
