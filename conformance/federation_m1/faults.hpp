#pragma once

#include <string>
#include <vector>

#include "conformance/support/peer_script.hpp"

/// The ways in which a peer can fail to answer.
namespace twostep::conformance {

struct PeerFault {
  std::string name;
  Answering answering;
};

/// Those that are noticed at once: by the connection, the status, or the body.
std::vector<PeerFault> faults_noticed_at_once();

/// Those that only a deadline of the target's ends.
std::vector<PeerFault> faults_noticed_in_time();

/// Bodies of a 200 to `get-user-clients` that are not what it answers, about this user.
std::vector<PeerFault> wrong_client_lists(const std::string& user);

/// A target may wait for a silent peer for up to 30 s (FED-68); while this lives, so does the suite.
class LongPatience {
 public:
  LongPatience();
  ~LongPatience();
  LongPatience(const LongPatience&) = delete;
  LongPatience& operator=(const LongPatience&) = delete;

 private:
  const Milliseconds before_;
};

}  // namespace twostep::conformance
