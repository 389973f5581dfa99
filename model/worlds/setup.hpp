#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "model/backend.hpp"

/// How a world is set up, and what may happen in it. Everything is small on purpose.
namespace twostep::model {

/// A message that somebody may send, once.
struct Planned {
  Client sender;
  std::vector<Client> to;
  Strategy strategy{};
  bool transient = false;
};

/// What the network, the servers and the clocks may do wrong, and how often in all.
struct Faults {
  std::uint8_t budget = 0;
  bool lose = false;          ///< A call or an answer does not arrive.
  bool give_up = false;       ///< A caller stops waiting, and what it asked for happens later.
  bool crash = false;         ///< A server ends; it may start again.
  bool commit_fails = false;  ///< A database says no.
};

struct Setup {
  std::string name;
  std::string about;
  /// Servers of each backend. A is the first, and owns the conversation.
  std::vector<std::uint16_t> nodes{1};
  Profile profile = Profile::m1;
  IdPolicy ids = IdPolicy::monotonic;
  Bug bug{};
  std::vector<UserId> members{};
  std::vector<Client> clients{};    ///< Of members and of strangers, whether or not they catch up.
  std::vector<Client> phones{};     ///< Those with a push token.
  std::vector<Client> readers{};    ///< Those that catch up.
  std::vector<Client> listeners{};  ///< Those that open and close sockets.
  std::vector<Planned> messages{};
  bool in_turn = false;      ///< Each message is sent when the one before has ended.
  bool slow_commits = true;  ///< Something may happen between taking ids and committing.
  bool time_passes = false;  ///< After each step of a job: no two ids are of the same instant.
  Time horizon = 0;          ///< Where clocks stop that go on by themselves.
  /// For each way in which the clocks may differ: how far each is ahead, server by server.
  std::vector<std::vector<Time>> ahead{};
  Faults faults{};
  bool expires = false;  ///< Once, everything stored so far.
  std::size_t page = 2;
  std::string shows{};  ///< The property that does not hold in this world, and is meant not to.
};

}  // namespace twostep::model
