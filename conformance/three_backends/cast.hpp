#pragma once

#include <string>
#include <utility>
#include <vector>

#include "conformance/three_backends/server.hpp"

/// Alice and Ann at A, Bob at B, Charlie and Chris at C, in conversations of all three backends.
///
/// Alice and Charlie have two devices; they send from the first. Everybody knows everybody.
namespace twostep::conformance {

struct Cast {
  Cast();

  /// What all devices but the sender's are sent.
  Recipients to_all(const Device& sender, const std::string& body) const;

  /// The addresses of one backend's devices, without this one.
  std::vector<Address> at(const Server& server, const Device& without) const;

  Server a = Server::named("a");
  Server b = Server::named("b");
  Server c = Server::named("c");
  Device alice = a.device("alice");
  Device tablet_of_alice = a.device_of(alice);
  Device ann = a.device("ann");
  Device bob = b.device("bob");
  Device charlie = c.device("charlie");
  Device tablet_of_charlie = c.device_of(charlie);
  Device chris = c.device("chris");
  std::vector<Device> all{alice, tablet_of_alice, ann, bob, charlie, tablet_of_charlie, chris};

  Conversation at_a;  ///< Owned by A; everybody is a member.
  Conversation at_b;
  Conversation at_c;
};

/// What each device finds from here on.
class Inboxes {
 public:
  explicit Inboxes(const Cast& cast);

  /// The messages since then, as "body" each, by device.
  std::vector<std::string> since(const Device& device) const;

 private:
  std::vector<std::pair<Device, std::string>> pointers_;
};

}  // namespace twostep::conformance
