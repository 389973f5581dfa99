// What the database keeps beside messages. Who may change what is not decided here.

#include <algorithm>

#include "model/parts.hpp"

namespace twostep::model {
namespace {

struct Apply {
  Backend& backend;

  void operator()(const AddUser& change) {
    if (user_of(backend, change.user) == nullptr)
      insert(backend.database.users, User{.id = change.user});
  }

  void operator()(const RemoveUser& change) {
    std::erase_if(backend.database.users, [&](const User& user) { return user.id == change.user; });
  }

  void operator()(const AddClient& change) {
    if (auto* user = user_of(backend, change.client.user)) insert(user->clients, change.client.id);
  }

  void operator()(const RemoveClient& change) {
    auto* user = user_of(backend, change.client.user);
    if (user == nullptr) return;
    remove(user->clients, change.client.id);
    std::erase_if(user->tokens,
                  [&](const PushToken& token) { return token.client == change.client.id; });
  }

  void operator()(const AddConversation& change) {
    if (conversation_of(backend, change.conversation) != nullptr) return;
    insert(backend.database.conversations, Conversation{change.conversation, {}});
  }

  void operator()(const AddMembers& change) {
    (*this)(AddConversation{change.conversation});
    auto& members = conversation_of(backend, change.conversation)->members;
    for (const auto& user : change.users) insert(members, user);
  }

  void operator()(const RemoveMembers& change) {
    auto* conversation = conversation_of(backend, change.conversation);
    if (conversation == nullptr) return;
    for (const auto& user : change.users) remove(conversation->members, user);
  }

  void operator()(const AddPushToken& change) {
    auto* user = user_of(backend, change.client.user);
    if (user != nullptr) insert(user->tokens, PushToken{change.token, change.client.id});
  }

  void operator()(const RemovePushToken& change) {
    auto* user = user_of(backend, change.user);
    if (user == nullptr) return;
    std::erase_if(user->tokens,
                  [&](const PushToken& token) { return token.token == change.token; });
  }
};

}  // namespace

void apply(Backend& backend, const Change& change) { std::visit(Apply{backend}, change); }

}  // namespace twostep::model
