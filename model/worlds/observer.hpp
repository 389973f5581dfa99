#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "model/explore/engine/explorable.hpp"
#include "model/flat.hpp"
#include "model/worlds/world.hpp"

/// What somebody sees who knows the setup of a world and looks at a state of it. Worked out apart
/// from the model: who should get a message is said here once more, from the clauses.
namespace twostep::model {

constexpr BackendId owner{0};  ///< Of the conversation, in every world.

bool is_among(const std::vector<Client>& clients, const Client& client);

/// Another client than the sender's, of a member.
bool is_expected(const Setup& setup, std::size_t message, const Client& client);
/// Expected, and addressed.
bool is_valid(const Setup& setup, std::size_t message, const Client& client);
/// Whether every expected client is addressed.
bool is_complete(const Setup& setup, std::size_t message);

const User* user_of(const Stage& stage, UserId id);
/// How many copies of a message a client finds in its inbox.
std::size_t copies(const Stage& stage, std::size_t message, const Client& client);
/// The owner still has to tell the client's backend, and will.
bool is_queued(const Stage& stage, std::size_t message, const Client& client);

/// Of the valid clients: whether some have it, and whether all have.
struct Reach {
  bool any = false;
  bool all = true;
};
Reach reach(const Setup& setup, const Stage& stage, std::size_t message);
Reach reach_at(const Setup& setup, const Stage& stage, std::size_t message, BackendId backend);

bool is_open(const Sent& sent);
bool is_accepted(const Sent& sent);
/// Refused for certain: not if it is the owner's answer that was lost on its way to another backend.
bool is_refused(const Setup& setup, std::size_t message, const Sent& sent);

/// Calls `visit(UserId, const Notification&)` for everything that is stored.
template <class Visit>
void each_row(const Stage& stage, const Visit& visit) {
  for (const auto& backend : stage.backends) {
    for (const auto& user : backend.database.users) {
      for (const auto& row : user.inbox) visit(user.id, row);
    }
  }
}

using WorldProperty = explore::Property<WorldState>;

// sending.cpp
void add_sending(const Setup& setup, std::vector<WorldProperty>& properties);
// reading.cpp
void add_reading(const Setup& setup, std::vector<WorldProperty>& properties);
// guards.cpp
void add_guards(const Setup& setup, std::vector<WorldProperty>& properties);

}  // namespace twostep::model
