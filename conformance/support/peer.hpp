#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/support/address.hpp"
#include "conformance/support/certificates.hpp"
#include "conformance/support/peer_script.hpp"

/// Another backend, played by the suite: `b` and `c` of the clauses.
///
/// Every test has peers of its own, with domains that were never there before. A peer knows its users and
/// their clients, and answers truthfully unless told otherwise; but what it is asked must have been expected.
///
///     auto b = Peer::under_test("b");
///     auto bob = b.user("bob").device();
///     auto chat = conversation_with(alice, {bob});
///     b.expects(rpc::get_user_clients);
///     b.expects(rpc::on_message_sent, by_reset());
///
///     const auto reply = alice.send(chat, {{bob, "hello"}});
///
///     EXPECT_THAT(reply, Acknowledged());
///     EXPECT_THAT(reply, FailedToSend({bob}));
///
/// When the last handle of a peer goes away, a call that was not expected, or one that was and never came,
/// has failed the test. So "exactly one, and no other" needs no further word. `api-version` and
/// `get-users-by-ids` may come at any time: no clause counts them.
///
/// Errors     A target that cannot be told about peers makes the test *not covered*.
/// Threads    Any; the peer answers on threads of its own.
/// Source     specs/09-federation.md; API §10.
namespace twostep::conformance {

class PeerUser;

/// Ends the test as *not covered* unless backends prove by certificates who they are.
void require_certificates();

class Peer {
 public:
  static Peer under_test(std::string_view name);

  const std::string& name() const;
  const std::string& domain() const;

  /// A fresh user, whom `get-users-by-ids` knows.
  PeerUser user(std::string_view name) const;

  /// Expects so many calls of this kind, answered truthfully. What was expected first is used first.
  void expects(const std::string& rpc, int times = 1) const;

  /// Expects one more call of this kind, answered so.
  void expects(const std::string& rpc, Answering answering) const;

  /// Expects one more call of this kind, answered when the test says so.
  Held holds(const std::string& rpc) const;

  /// Any number of calls of this kind, none included; answered truthfully, or so.
  void allows(const std::string& rpc, Answering answering = {}) const;

  /// From here on, proves to be whom this certificate names, when called and when calling.
  void presents(const CertificateWish& wish) const;

  /// From here on, calls without a certificate.
  void presents_no_certificate() const;

  /// All calls so far, in the order of arrival, without those that were a test's setup.
  std::vector<Call> received() const;
  std::vector<Call> received(const std::string& rpc) const;

  /// The only call of this kind so far. A failure of the test, and an empty call, if there are none or more.
  Call only(const std::string& rpc) const;

  /// Ends all connections, and waits until nothing is being answered any more: for scripts that refer to
  /// something which does not live as long as the peer.
  void stop() const;

  /// Calls the target as this backend.
  Reply call(const std::string& rpc, const Json& body) const;

  /// Calls the target with any path, body and claim of who is calling; "" claims nothing.
  Reply call_as(const std::string& origin, const std::string& path, const std::string& body,
                const std::string& method = "POST") const;

 private:
  friend class PeerUser;
  friend class PeerSetup;
  class State;
  explicit Peer(std::shared_ptr<State> state) : peer_(std::move(state)) {}

  std::shared_ptr<State> peer_;
};

/// A client of a peer's user.
class PeerDevice;

/// A user of a peer: nobody but the peer's answers makes them exist.
class PeerUser {
 public:
  const QualifiedId& id() const { return id_; }
  const std::string& name() const { return name_; }
  const Peer& peer() const { return peer_; }

  /// A fresh client, which `get-user-clients` and `claim-multi-prekey-bundle` know.
  PeerDevice device() const;

 private:
  friend class Peer;
  PeerUser(Peer peer, QualifiedId id, std::string name)
      : peer_(std::move(peer)), id_(std::move(id)), name_(std::move(name)) {}

  Peer peer_;
  QualifiedId id_;
  std::string name_;
};

class PeerDevice {
 public:
  PeerDevice(PeerUser user, std::string client)
      : user_(std::move(user)), client_(std::move(client)) {}

  const PeerUser& user() const { return user_; }
  const Peer& peer() const { return user_.peer(); }
  const std::string& id() const { return client_; }
  const std::string& name() const { return user_.name(); }
  Address address() const { return {user_.id(), client_}; }
  operator Address() const { return address(); }
  operator PeerUser() const { return user_; }

 private:
  PeerUser user_;
  std::string client_;
};

/// While it lives, these peers answer everything truthfully, expect nothing, and count nothing: what
/// the target asks of them belongs to a test's setup.
class PeerSetup {
 public:
  explicit PeerSetup(std::vector<Peer> peers);
  ~PeerSetup();
  PeerSetup(const PeerSetup&) = delete;
  PeerSetup& operator=(const PeerSetup&) = delete;

 private:
  std::vector<Peer> peers_;
};

}  // namespace twostep::conformance
