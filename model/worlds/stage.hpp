#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "model/step.hpp"
#include "model/worlds/trace.hpp"

/// Several backends, what is under way between them, and the clients with their pointers.
///
/// A stage does one thing at a time and decides nothing: who plays on it (an exploration, a
/// scenario) says which call arrives next, which is lost, who catches up.
///
/// Shape      Plain values. Whatever shows what happened (`Trace*`) may be nullptr.
/// Limits     A message number is below 1000; a client's place in `clients` below 15.
namespace twostep::model {

/// A call between two backends, from the moment it is made until its answer has been taken.
struct Call {
  BackendId from;
  BackendId to;
  RequestId request;  ///< The caller's.
  enum class Kind : std::uint8_t { ask, tell, forward };
  Kind kind = Kind::ask;
  enum class Stage : std::uint8_t {
    under_way,  ///< Has not arrived.
    served,     ///< The callee works on it.
    answered,   ///< The answer has not arrived.
  };
  Stage stage = Stage::under_way;
  bool given_up = false;             ///< The caller no longer listens.
  RequestId inbound{};               ///< The callee's, once it has arrived.
  Message message{};                 ///< Of `tell` and `forward`, until it has arrived.
  std::vector<UserId> users{};       ///< Of `ask`, until it has arrived.
  std::vector<ClientsOf> clients{};  ///< Of the answer to `ask`.
  Outcome outcome{};                 ///< Of the answer to the others.
  friend auto operator<=>(const Call&, const Call&) = default;
};

/// A client: what it knows, and what an omniscient observer knows about it.
struct Device {
  Client client;
  std::optional<NotificationId> pointer{};  ///< The newest that it has handled (S5).
  bool connected = false;
  bool caught_up = false;  ///< Since it has been connected; only then do frames move the pointer.
  bool gap = false;        ///< It has been told that it may have missed something (CUP-17).
  bool missed = false;     ///< It has: something expired that it had not handled.
  std::vector<NotificationId> handled{};  ///< In the order in which it did.
  std::vector<NotificationId> framed{};   ///< Step two by a frame.
  std::vector<NotificationId> pushed{};   ///< Step two by a native push.
  std::vector<Payload> passing{};         ///< Transient ones.
  friend auto operator<=>(const Device&, const Device&) = default;
};

/// What has become of a message, seen from its sender.
struct Sent {
  enum class Stage : std::uint8_t { unsent, pending, answered, broken };
  Client sender{};
  Stage stage = Stage::unsent;  ///< `broken`: the server ended, and with it the connection.
  Outcome outcome{};
  friend auto operator<=>(const Sent&, const Sent&) = default;
};

/// How far a server's clock is ahead of the true time.
struct Clock {
  BackendId backend;
  NodeId node;
  Time ahead = 0;
  friend auto operator<=>(const Clock&, const Clock&) = default;
};

struct Stage {
  std::vector<Backend> backends{};  ///< By their ids.
  std::vector<Call> calls{};        ///< Sorted.
  std::vector<Device> devices{};
  std::vector<Sent> sent{};  ///< By the number of the message.
  std::vector<Clock> clocks{};
  Time now = 0;
  friend auto operator<=>(const Stage&, const Stage&) = default;
};

/// Why a call failed: the caller cannot know what has become of it, or has been told.
constexpr Failure no_answer = 0;
constexpr Failure answered_with_error = 1;

// The names of things on a stage.
RequestId request_of(std::size_t message);
std::size_t message_of(RequestId request);
Payload payload_of(std::size_t message, std::size_t client);
std::size_t message_of(Payload payload);
std::size_t client_of(Payload payload);

Time clock_of(const Stage& stage, BackendId backend, NodeId node);

/// A backend takes an event; its effects become calls, answers, frames.
void take(Stage& stage, BackendId backend, const Event& event, Trace* trace);

/// One of the backend's own steps, at the time of the node that does it.
void run(Stage& stage, BackendId backend, Event own, Trace* trace);

/// A client posts a message at a server of its backend.
void send(Stage& stage, std::size_t number, const Message& message, NodeId node, Trace* trace);

/// A call arrives at a server of the callee.
void arrive(Stage& stage, std::size_t call, NodeId node, Trace* trace);
/// An answer arrives at the caller.
void return_answer(Stage& stage, std::size_t call, Trace* trace);
/// A call or its answer is lost, or refused because nobody is there: the caller learns that it failed.
void lose(Stage& stage, std::size_t call, Trace* trace);
/// The caller no longer waits; the call goes on without it.
void give_up(Stage& stage, std::size_t call, Trace* trace);

void fail_commit(Stage& stage, BackendId backend, RequestId request, Trace* trace);
void pass_time(Stage& stage, Trace* trace);
void crash(Stage& stage, BackendId backend, NodeId node, Trace* trace);
void restart(Stage& stage, BackendId backend, NodeId node, Trace* trace);

/// A client reads one page from its pointer, and handles it.
void catch_up(Stage& stage, std::size_t device, std::size_t size, Trace* trace);
/// Whether that would tell it anything.
bool has_news(const Stage& stage, std::size_t device, std::size_t size);
void connect(Stage& stage, std::size_t device, NodeId node, Trace* trace);
void disconnect(Stage& stage, std::size_t device, Trace* trace);
/// Everything stored so far expires.
void expire_all(Stage& stage, BackendId backend, Trace* trace);

}  // namespace twostep::model
