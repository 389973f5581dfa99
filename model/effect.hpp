#pragma once

#include <variant>
#include <vector>

#include "model/event.hpp"

/// What a backend asks of the world, and what it shows.
///
/// Shape      Effects of one step are in order. `Stored` is no request: it says what became visible,
///            for those who watch.
namespace twostep::model {

/// Calls of peers. Each is answered by the event that names it, or by `CallFailed`.
struct AskClients {
  RequestId request;
  BackendId peer;
  std::vector<UserId> users;
  friend auto operator<=>(const AskClients&, const AskClients&) = default;
};
struct TellToStore {
  RequestId request;
  BackendId peer;
  Message message;
  friend auto operator<=>(const TellToStore&, const TellToStore&) = default;
};
struct Forward {
  RequestId request;
  BackendId owner;
  Message message;
  friend auto operator<=>(const Forward&, const Forward&) = default;
};

/// Answers to `SendRequested`, `ClientsAsked`, `StoreAsked`.
struct Answer {
  RequestId request;
  Outcome outcome;
  friend auto operator<=>(const Answer&, const Answer&) = default;
};
struct AnswerClients {
  RequestId request;
  std::vector<ClientsOf> users;
  friend auto operator<=>(const AnswerClients&, const AnswerClients&) = default;
};
struct AnswerStore {
  RequestId request;
  bool stored = true;
  friend auto operator<=>(const AnswerStore&, const AnswerStore&) = default;
};

/// A notification is visible from now on (SND-02).
struct Stored {
  UserId user;
  Notification notification;
  friend auto operator<=>(const Stored&, const Stored&) = default;
};

/// Step two (S3). What becomes of it changes nothing here (DLV-23).
struct WriteFrame {
  UserId user;
  ConnectionId connection;
  Notification notification;  ///< As it is stored (DLV-02).
  bool transient = false;
  friend auto operator<=>(const WriteFrame&, const WriteFrame&) = default;
};
struct Push {
  Client client;
  TokenId token;
  NotificationId id;  ///< And nothing else of the notification (DLV-21).
  friend auto operator<=>(const Push&, const Push&) = default;
};
struct CloseSocket {
  UserId user;
  ConnectionId connection;
  friend auto operator<=>(const CloseSocket&, const CloseSocket&) = default;
};

using Effect = std::variant<AskClients, TellToStore, Forward, Answer, AnswerClients, AnswerStore,
                            Stored, WriteFrame, Push, CloseSocket>;
using Effects = std::vector<Effect>;

}  // namespace twostep::model
