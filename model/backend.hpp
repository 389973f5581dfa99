#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "model/message.hpp"

/// Everything that one backend knows: what its database keeps, and what its servers have in hand.
///
/// Shape      Plain values in flat vectors, each sorted by its first field unless it says it is a
///            queue. So two backends in the same state are equal, in whatever order they got there.
/// Source     specs/glossary.md, specs/02-deliver.md, specs/03-catch-up.md, specs/04-time-uuid.md.
namespace twostep::model {

/// Where the ids of notifications come from.
enum class IdPolicy : std::uint8_t {
  monotonic,   ///< Ascending per inbox in the order of commits, whatever the clocks (TID-06).
  wall_clock,  ///< Each server's own clock; a message can be lost (TID-09).
};

/// What federation promises.
enum class Profile : std::uint8_t {
  m1,      ///< All backends answer or nobody gets it; then each is told once, without retry (S8).
  queued,  ///< Peers out of reach are taken on trust, and told until they confirm.
  outbox,  ///< M1's refusal; what is accepted reaches everybody, once.
};

enum class Bug : std::uint8_t;  // Deliberate faults; see model/bug.hpp.

struct Configuration {
  BackendId self;
  IdPolicy ids = IdPolicy::monotonic;
  Profile profile = Profile::m1;
  Bug bug{};
  friend auto operator<=>(const Configuration&, const Configuration&) = default;
};

// --- The database. It survives the end of every server (SND-03, CUP-22). ---

/// One event of an inbox: a copy of a message (DLV-14), or any other event, which the model does not read.
struct Content {
  std::optional<ConversationId> conversation{};  ///< Of a message.
  Client sender{};                               ///< Of a message.
  Time time = 0;                                 ///< Of a message (SND-08).
  Payload payload{};                             ///< The ciphertext, or the event.
  Payload shared{};                              ///< Of a message (DLV-15).
  friend auto operator<=>(const Content&, const Content&) = default;
};

struct Notification {
  NotificationId id;
  std::optional<ClientId>
      client;  ///< For this client only; without it for all of the user (CUP-13).
  Content content;
  friend auto operator<=>(const Notification&, const Notification&) = default;
};

struct PushToken {
  TokenId token;
  ClientId client;
  friend auto operator<=>(const PushToken&, const PushToken&) = default;
};

/// A user of this backend, with everything that is the user's.
struct User {
  UserId id{};
  std::vector<ClientId> clients{};
  std::vector<PushToken> tokens{};
  std::vector<Notification> inbox{};
  NotificationId head{};  ///< The greatest id ever in this inbox; survives expiry.
  friend auto operator<=>(const User&, const User&) = default;
};

/// Of a conversation owned elsewhere, `members` has this backend's own users only.
struct Conversation {
  ConversationId id;
  std::vector<UserId> members;
  friend auto operator<=>(const Conversation&, const Conversation&) = default;
};

/// A row of a peer's queue: tell it to store this, until it says it has (`queued`, `outbox`).
struct Outgoing {
  BackendId peer;
  RequestId request;
  Message message;
  enum class State : std::uint8_t { ready, called, waiting };
  State state = State::ready;  ///< `waiting` after a failed call, until a retry is due.
  NodeId node;                 ///< Whose call it is, while `called`.
  friend auto operator<=>(const Outgoing&, const Outgoing&) = default;
};

/// What has been stored for a peer already, so that being told again adds nothing (`outbox`).
struct Received {
  BackendId from;
  RequestId request;
  friend auto operator<=>(const Received&, const Received&) = default;
};

/// Rows that have their ids and are not visible yet.
struct Transaction {
  RequestId request;
  NodeId node;
  struct Row {
    UserId user;
    Notification notification;
    friend auto operator<=>(const Row&, const Row&) = default;
  };
  std::vector<Row> rows;
  friend auto operator<=>(const Transaction&, const Transaction&) = default;
};

struct Database {
  std::vector<User> users;
  std::vector<Conversation> conversations;
  std::vector<Outgoing> outgoing;  ///< A queue per peer, in the order of commits.
  std::vector<Received> received;
  std::vector<Transaction> open;  ///< Ends with its server.
  friend auto operator<=>(const Database&, const Database&) = default;
};

// --- What the servers have in hand. It ends with them. ---

struct Node {
  NodeId id;
  bool up = true;
  Time last_ticks = 0;         ///< Of the ids it gave.
  std::uint16_t sequence = 0;  ///< With `bits`, drawn anew at every start (TID-08).
  std::uint64_t bits = 0;
  friend auto operator<=>(const Node&, const Node&) = default;
};

/// An open websocket. A user's access token has at most one (DLV-07), several have one each (DLV-05).
struct Socket {
  UserId user;
  ConnectionId connection;
  std::optional<ClientId> client;  ///< Without it, it gets everything for the user (DLV-04).
  NodeId node;
  friend auto operator<=>(const Socket&, const Socket&) = default;
};

/// Step two of one notification, still to be done.
struct Delivery {
  UserId user;
  NodeId node;
  Notification notification;
  bool transient = false;
  bool native_push = false;
  std::vector<ConnectionId>
      sockets;  ///< Open when it was stored, and not the origin (DLV-06, DLV-10).
  friend auto operator<=>(const Delivery&, const Delivery&) = default;
};

/// Step one of one message: at its owner, at the sender's backend, or at a recipients' backend.
struct Job {
  RequestId request{};
  NodeId node{};
  enum class Role : std::uint8_t {
    owner,      ///< Decides.
    forwarder,  ///< Acts for its own user as a client would (S12).
    recipient,  ///< Was told to store.
  };
  Role role = Role::owner;
  enum class Phase : std::uint8_t {
    asking,         ///< Waits until every peer has named its clients.
    deciding,       ///< Ready to decide.
    storing,        ///< Decided; ready to begin a transaction.
    committing,     ///< The rows have ids, and are not visible yet.
    stored,         ///< Visible here; ready to tell the peers, or to queue for them.
    telling,        ///< Waits until every peer has stored or failed.
    acknowledging,  ///< Ready to answer.
    forwarded,      ///< Waits for the owner.
  };
  Phase phase = Phase::asking;
  std::optional<BackendId> from{};       ///< The peer that asked; without it a client did.
  std::optional<ConnectionId> origin{};  ///< The connection of the client that asked (DLV-06).
  RequestId told_as{};                   ///< The name of the message at `from`, of a recipient.
  Message message{};                     ///< Once decided, its recipients are the valid ones.
  std::vector<UserId> participants{};    ///< Members whose clients are known, maybe none of them.
  std::vector<Client> expected{};        ///< Their clients.
  std::vector<BackendId> awaited{};      ///< Peers that have been called and have not answered.
  std::vector<BackendId> unreachable{};  ///< Peers taken on trust (`queued`).
  Outcome outcome{};
  friend auto operator<=>(const Job&, const Job&) = default;
};

struct Backend {
  Configuration configuration;
  Database database;
  std::vector<Node> nodes;
  std::vector<Socket> sockets;
  std::vector<Delivery> deliveries;  ///< A queue per user, in the order of commits (DLV-09).
  std::vector<Job> jobs;
  friend auto operator<=>(const Backend&, const Backend&) = default;
};

}  // namespace twostep::model
