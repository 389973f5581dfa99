#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "impl/core/ids.hpp"
#include "impl/federation/channel.hpp"
#include "impl/federation/limits.hpp"

/// Connections to peers on which nothing is being said, for the next call.
///
/// A kept connection may be one that the peer is just closing. Then nobody knows whether a call on it
/// was taken, and the choice would be between losing a call that might have succeeded and making it
/// twice; M1 wants neither. So a connection is kept only if the peer has said for how long, used
/// only in the first half of that time, and only if nothing has come on it since: an end that has
/// reached us is seen before the call is written. What fails after that, fails for a reason.
///
/// Shape      The one that was used last is used first; what is too old, or too many, is closed.
/// Threads    Any.
/// Source     specs/09-federation.md (FED-15); docs/decisions/0012-kept-connections.md.
namespace twostep::federation {

class KeptConnections {
 public:
  /// None: a new one has to be made. Its strand is as it was.
  std::unique_ptr<Channel> take(const Domain& peer);

  /// `announced`: how long the peer keeps it open at least; zero: not at all.
  void keep(const Domain& peer, std::unique_ptr<Channel> channel, std::chrono::seconds announced);

 private:
  struct Kept {
    std::unique_ptr<Channel> channel;
    Channel::Clock::time_point until;
  };

  void forget_what_is_too_old(Channel::Clock::time_point now);

  std::mutex mutex_;
  std::map<Domain, std::vector<Kept>> kept_;  ///< Each peer's in the order in which they were kept.
};

}  // namespace twostep::federation
