#pragma once

#include <utility>
#include <variant>
#include <vector>

#include "model/inbox.hpp"
#include "model/step.hpp"

/// One backend alone, for tests: who calls it and whom it calls are played by the test.
namespace twostep::model {

constexpr BackendId a{0};
constexpr BackendId b{1};
constexpr BackendId c{2};
constexpr UserId alice{a, 0};
constexpr UserId ann{a, 1};
constexpr UserId amy{a, 2};
constexpr UserId bob{b, 0};
constexpr UserId chris{c, 1};
constexpr ConversationId tea{a, 0};

constexpr Client of(UserId user, std::uint64_t number = 1) { return {user, {number}}; }

class Scene {
 public:
  explicit Scene(BackendId self = a, IdPolicy ids = IdPolicy::monotonic,
                 Profile profile = Profile::m1) {
    backend.configuration = {self, ids, profile, {}};
    happen(NodeStarted{{0}, 0, 1});
    happen(NodeStarted{{1}, 0, 2});
  }

  void happen(const Event& event) { step(backend, event, effects); }
  void change(Change how) { happen(Changed{.changes = {std::move(how)}}); }

  /// A client of a member of `tea`.
  void has(const Client& client) {
    if (client.user.home == backend.configuration.self) {
      change(AddUser{client.user});
      change(AddClient{client});
    }
    change(AddMembers{tea, {client.user}});
  }

  /// Each recipient gets a ciphertext of its own, by its place.
  static Message message(const Client& sender, const std::vector<Client>& to,
                         Strategy strategy = {}) {
    Message made{.conversation = tea, .sender = sender, .strategy = std::move(strategy)};
    for (const auto& client : to) {
      made.recipients.push_back({client, {static_cast<std::uint32_t>(made.recipients.size() + 1)}});
    }
    made.recipients = last_of_each(std::move(made.recipients));
    return made;
  }

  RequestId post(const Message& what, NodeId node = {0}) {
    const RequestId request{next_request_++};
    happen(SendRequested{request, node, what, {}, {}});
    return request;
  }

  /// Posts a message and lets the backend go on as far as it can.
  Outcome send(const Message& what) {
    const auto request = post(what);
    settle(backend, now, effects);
    return answer(request);
  }
  Outcome send(const Client& sender, const std::vector<Client>& to, Strategy strategy = {}) {
    return send(message(sender, to, std::move(strategy)));
  }

  /// The answer to a request; there has to be one.
  Outcome answer(RequestId request) const {
    for (const auto& effect : effects) {
      const auto* answer = std::get_if<Answer>(&effect);
      if (answer != nullptr && answer->request == request) return answer->outcome;
    }
    return {.verdict = Verdict::store_failed};
  }

  /// The effects of one kind, which are then forgotten.
  template <class Kind>
  std::vector<Kind> seen() {
    std::vector<Kind> found;
    for (const auto& effect : effects) {
      if (const auto* kind = std::get_if<Kind>(&effect)) found.push_back(*kind);
    }
    std::erase_if(effects,
                  [](const Effect& effect) { return std::holds_alternative<Kind>(effect); });
    return found;
  }

  /// What a client finds, as the payloads of one big page.
  std::vector<Payload> inbox(const Client& client) const {
    std::vector<Payload> payloads;
    for (const auto& row : catch_up(backend, {client.user, client.id}).notifications) {
      payloads.push_back(row.content.payload);
    }
    return payloads;
  }

  Backend backend;
  Effects effects;
  Time now = 0;

 private:
  std::uint64_t next_request_ = 1;
};

}  // namespace twostep::model
