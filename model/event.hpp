#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "model/backend.hpp"

/// What can happen to a backend.
///
/// Shape      Time and randomness come in events. `Proceed` and `Deliver` are the backend's own next
///            small steps: whoever runs it takes them from `ready` and decides when they happen, so
///            that everything else can fall between them.
namespace twostep::model {

// --- Asked of this backend. ---

/// A client posts a message, or a peer does on behalf of its user (S2, S12).
struct SendRequested {
  RequestId request{};
  NodeId node{};
  Message message{};
  std::optional<ConnectionId> origin{};  ///< Of the client's access token.
  std::optional<BackendId> from{};       ///< The peer. It is the sender's backend, or a liar.
};

/// A peer that owns a conversation asks for clients of our users (S10; FED-44).
struct ClientsAsked {
  RequestId request{};
  NodeId node{};
  BackendId from{};
  std::vector<UserId> users{};
};

/// A peer tells us to store a message for our users (S10; FED-23).
struct StoreAsked {
  RequestId request{};
  NodeId node{};
  BackendId from{};
  Message message{};
  RequestId origin{};  ///< The name of this message at `from`: the same if it is told again.
};

/// Changes of what the database keeps beside messages.
struct AddUser {
  UserId user{};
};
struct RemoveUser {
  UserId user{};
};
struct AddClient {
  Client client{};
};
struct RemoveClient {
  Client client{};  ///< Its push tokens go with it.
};
struct AddConversation {
  ConversationId conversation{};
};
/// Of a conversation that is not known yet, if a peer owns it, this makes it known.
struct AddMembers {
  ConversationId conversation{};
  std::vector<UserId> users{};
};
struct RemoveMembers {
  ConversationId conversation{};
  std::vector<UserId> users{};
};
struct AddPushToken {
  Client client{};
  TokenId token{};
};
/// The user asked for it, or the push gateway says that it is dead (DLV-22).
struct RemovePushToken {
  UserId user{};
  TokenId token{};
};
using Change = std::variant<AddUser, RemoveUser, AddClient, RemoveClient, AddConversation,
                            AddMembers, RemoveMembers, AddPushToken, RemovePushToken>;

/// An event that is no message, for one client of a user or for all.
struct Note {
  UserId user{};
  std::optional<ClientId> client{};
  Payload payload{};
};

/// Changes, and the events that tell of them, in one commit.
struct Changed {
  NodeId node{};
  Time now = 0;
  std::vector<Change> changes{};
  std::vector<Note> notes{};
  std::optional<UserId> actor{};         ///< Who did it, and with which access token: its socket
  std::optional<ConnectionId> origin{};  ///< is the only one that stays silent (DLV-06).
  bool transient = false;                ///< Typing and its like (CNV-28).
};

// --- Answered to this backend. ---

struct ClientsOf {
  UserId user{};
  std::vector<ClientId> clients{};
  friend auto operator<=>(const ClientsOf&, const ClientsOf&) = default;
};

struct ClientsAnswered {
  RequestId request{};
  BackendId peer{};
  std::vector<ClientsOf> users{};  ///< Those it knows.
};

struct PeerStored {
  RequestId request{};
  BackendId peer{};
};

/// The owner's answer to a message that this backend forwarded.
struct OwnerAnswered {
  RequestId request{};
  Outcome outcome{};
};

/// No answer, or none that counts, and there will be none: what comes later is not listened to.
struct CallFailed {
  RequestId request{};
  BackendId peer{};
  Failure failure = 0;
};

// --- The backend's own next steps. ---

/// The next step of a job: decide, begin, commit, tell, answer.
struct Proceed {
  RequestId request{};
  Time now = 0;  ///< By the clock of the job's node.
};

/// Step two of the next notification of a user's inbox.
struct Deliver {
  UserId user{};
};

/// The next call of a peer's queue.
struct CallNext {
  BackendId peer{};
  NodeId node{};
};

// --- The world. ---

/// Instead of committing, the database says no.
struct CommitFailed {
  RequestId request{};
};

/// Time to call a peer again whose last call from the queue failed.
struct RetryDue {
  BackendId peer{};
};

struct SocketOpened {
  Socket socket{};
};

struct SocketClosed {
  UserId user{};
  ConnectionId connection{};
};

/// Whatever the server had in hand is gone (SND-03, SND-06).
struct NodeCrashed {
  NodeId node{};
};

/// A server starts with random bits of its own (TID-08).
struct NodeStarted {
  NodeId node{};
  std::uint16_t sequence = 0;
  std::uint64_t bits = 0;
};

/// Everything older than this may be forgotten (CUP-23).
struct Expired {
  Time before = 0;
};

using Event =
    std::variant<SendRequested, ClientsAsked, StoreAsked, Changed, ClientsAnswered, PeerStored,
                 OwnerAnswered, CallFailed, Proceed, Deliver, CallNext, CommitFailed, RetryDue,
                 SocketOpened, SocketClosed, NodeCrashed, NodeStarted, Expired>;

}  // namespace twostep::model
