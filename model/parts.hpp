#pragma once

#include "model/bug.hpp"
#include "model/flat.hpp"
#include "model/step.hpp"

/// The parts of `step`, one for each role of a backend. Used by its sources only.
namespace twostep::model {

inline BackendId self(const Backend& backend) { return backend.configuration.self; }
inline bool has(const Backend& backend, Bug bug) { return backend.configuration.bug == bug; }

User* user_of(Backend& backend, UserId id);
Conversation* conversation_of(Backend& backend, ConversationId id);
Node& node_of(Backend& backend, NodeId id);
Job* job_of(Backend& backend, RequestId id);
void end_job(Backend& backend, RequestId id);

// owner.cpp: decides, stores, tells the others (S2, S10, S11).
void request_send(Backend& backend, const SendRequested& request, Effects& effects);
void clients_answered(Backend& backend, const ClientsAnswered& answer);
void peer_failed_to_answer(Backend& backend, Job& job, const CallFailed& failed, Effects& effects);
void decide(Backend& backend, Job& job, Time now, Effects& effects);
void tell_peers(Backend& backend, Job& job, Effects& effects);
void peer_told(Backend& backend, Job& job, BackendId peer, bool stored, Effects& effects);

Message for_peer(const Message& message, BackendId peer);

// forwarder.cpp: the sender's backend, if another one owns the conversation (S12).
void forward(Backend& backend, const SendRequested& request, Effects& effects);
void owner_answered(Backend& backend, const OwnerAnswered& answer, Effects& effects);

// recipient.cpp: a backend whose users are members (S10).
void ask_clients(Backend& backend, const ClientsAsked& asked, Effects& effects);
void ask_store(Backend& backend, const StoreAsked& asked, Effects& effects);

// store.cpp: ids and transactions.
bool can_begin(const Backend& backend, const Job& job);
void begin(Backend& backend, Job& job, Time now, Effects& effects);
void commit(Backend& backend, Job& job, Effects& effects);
void abort(Backend& backend, Job& job, Effects& effects);
void store_notes(Backend& backend, const Changed& changed, Effects& effects);
void answer(Backend& backend, Job& job, Effects& effects);

// queue.cpp: peers that are told later (`queued`, `outbox`).
void enqueue(Backend& backend, const Job& job);
bool is_queued(const Backend& backend, RequestId request, BackendId peer);
void call_next(Backend& backend, const CallNext& next, Effects& effects);
void queue_answered(Backend& backend, RequestId request, BackendId peer, bool stored);
void retry(Backend& backend, BackendId peer);

// delivery.cpp: step two (S3), and the sockets it uses.
void ring(Backend& backend, NodeId node, const Transaction::Row& row, bool transient,
          bool native_push, std::optional<UserId> actor, std::optional<ConnectionId> origin);
void deliver(Backend& backend, UserId user, Effects& effects);
void open_socket(Backend& backend, const Socket& socket, Effects& effects);
void close_socket(Backend& backend, UserId user, ConnectionId connection);

// changes.cpp: users, clients, conversations, push tokens.
void apply(Backend& backend, const Change& change);

// nodes.cpp: servers end and start.
void crash(Backend& backend, NodeId node);
void start(Backend& backend, const NodeStarted& started);
void expire(Backend& backend, Time before);

}  // namespace twostep::model
