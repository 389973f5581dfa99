#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "conformance/support/backend.hpp"
#include "conformance/support/process.hpp"

/// Many messages by several senders, while the server is killed again and again.
///
/// The moments of the kills are counts of acknowledgements, drawn from a seed, so that they strike
/// in the midst of sends however fast the target is. A sender whose message was not acknowledged
/// goes on with another one; no message is sent twice.
namespace twostep::conformance {

struct KilledHistory {
  std::vector<std::string> acknowledged;  ///< Bodies that were answered 201.
  std::vector<std::string> open;          ///< Bodies that were not: sent, perhaps stored.
  std::vector<Device> recipients;         ///< Each message was for all of them.
};

struct Kills {
  std::size_t acknowledgements;  ///< Ends when so many messages have been acknowledged.
  std::size_t kills;
  unsigned seed;
};

/// Plays it. A target that stops acknowledging although it was started again makes the test
/// *unknown*.
KilledHistory play(const Process& server, const Kills& kills);

/// How often each body is in the inbox of a recipient, read from the beginning.
class Inbox {
 public:
  explicit Inbox(const Device& recipient);

  std::size_t count(const std::string& body) const;
  std::size_t size() const { return bodies_.size(); }

 private:
  std::vector<std::string> bodies_;  ///< Sorted.
};

/// A seed to begin with, printed so that the run can be told from others.
unsigned fresh_seed();

}  // namespace twostep::conformance
