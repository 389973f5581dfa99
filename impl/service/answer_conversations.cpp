#include "impl/service/answer_conversations.hpp"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "impl/service/change.hpp"
#include "impl/service/conversation_change.hpp"
#include "impl/service/conversations.hpp"
#include "impl/store/connections.hpp"
#include "impl/store/conversations.hpp"
#include "impl/wire/conversation_events.hpp"
#include "impl/wire/peer_conversations.hpp"

namespace twostep::service {
namespace {

using boost::asio::awaitable;

/// What was told and not done, and why that is right.
struct PassedOver {
  std::size_t strangers = 0;  ///< Not connected to whoever brings them in (FED-55).
  std::size_t overtaken = 0;  ///< Gone by a word that is older than the one by which they are here.
};

PeerAnswer done_but_for(const PassedOver& users) {
  PeerAnswer answer{.body = "{}"};
  if (users.strangers > 0)
    answer.remark =
        std::to_string(users.strangers) + " users are not connected to whoever brings them in";
  if (users.overtaken > 0)
    answer.remark = std::to_string(users.overtaken) + " users have joined again since they left";
  return answer;
}

// --- What happens in a conversation of the caller ------------------------------------------

/// One update, as far as it concerns users here.
class Update {
 public:
  Update(Backend& backend, const Domain& owner, const wire::PeerUpdate& update,
         store::Transaction& transaction, Events& events)
      : backend_{backend},
        origin_{
            .conversation = {owner, update.conversation}, .from = update.by, .time = update.time},
        update_{update},
        transaction_{transaction},
        events_{events} {}

  /// Does what the owner says, but for some.
  PassedOver apply() {
    auto action = update_.action;
    std::set<UserId> concerned;
    for (const auto& user : update_.present)
      if (is_member(user)) concerned.insert(user);
    PassedOver passed_over;
    if (auto* joined = std::get_if<MembersJoined>(&action)) {
      passed_over.strangers = bring_in(*joined, concerned);
      if (joined->users.empty()) return passed_over;
    }
    if (auto* gone = std::get_if<MembersGone>(&action)) {
      passed_over.overtaken = leave_who_is_back(*gone);
      if (gone->users.empty()) return passed_over;
    }
    const auto event = wire::event_of(origin_, action);
    for (const auto& user : concerned)
      events_.add(transaction_, {.user = user, .targets = {}, .origin = {}, .event = event});
    if (const auto* gone = std::get_if<MembersGone>(&action)) take_out(*gone);
    return passed_over;
  }

 private:
  bool is_member(const UserId& user) const {
    return store::is_member(transaction_, origin_.conversation, {backend_.domain, user});
  }

  /// Leaves in `joined` only who really joins: of users here, those connected to whoever acts.
  std::size_t bring_in(MembersJoined& joined, std::set<UserId>& concerned) {
    return std::erase_if(joined.users, [&](const QualifiedUser& user) {
      if (user.domain != backend_.domain) return false;
      if (!is_member(user.id)) {
        if (!store::connected(transaction_, backend_.domain, user.id, origin_.from)) return true;
        store::put_member(transaction_, backend_.domain, origin_.conversation,
                          {.user = user, .role = joined.role});
      }
      concerned.insert(user.id);  // Also who is in it here because the word of its leave was lost.
      store::put_joined_at(transaction_, origin_.conversation, user, origin_.time);
      return false;
    });
  }

  /// Leaves in `gone` only who is not back already: the word of a leave may be overtaken by that of
  /// the join which followed it (FED-69).
  std::size_t leave_who_is_back(MembersGone& gone) {
    return std::erase_if(gone.users, [&](const QualifiedUser& user) {
      return user.domain == backend_.domain &&
             store::joined_at(transaction_, origin_.conversation, user) > origin_.time;
    });
  }

  void take_out(const MembersGone& gone) {
    for (const auto& user : gone.users)
      if (user.domain == backend_.domain)
        store::erase_member(transaction_, backend_.domain, origin_.conversation, user);
  }

  Backend& backend_;
  const wire::EventOrigin origin_;
  const wire::PeerUpdate& update_;
  store::Transaction& transaction_;
  Events& events_;
};

}  // namespace

awaitable<Result<PeerAnswer>> answer_on_conversation_created(Backend& backend,
                                                             const PeerRequest& request) {
  const auto created = wire::decode_conversation_created(request.body, request.origin);
  if (!created) co_return created.error();
  const auto& conversation = created->conversation;
  const auto& members = created->members;
  const wire::ConversationTexts texts{conversation, members, wire::ConversationSchema::in_events};
  const wire::EventOrigin origin{
      .conversation = conversation.id, .from = members.front().user, .time = created->time};
  const auto decide = [&](store::Transaction& transaction, Events& events) -> Result<PassedOver> {
    PassedOver passed_over;
    for (std::size_t place = 0; place < members.size(); ++place) {
      const auto& [user, role] = members[place];
      if (user.domain != backend.domain) continue;
      if (store::is_member(transaction, conversation.id, user)) continue;  // Told before.
      if (!store::connected(transaction, backend.domain, user.id, origin.from)) {
        ++passed_over.strangers;
        continue;
      }
      store::put_member(transaction, backend.domain, conversation.id, {.user = user, .role = role});
      events.add(transaction, {.user = user.id,
                               .targets = {},
                               .origin = {},
                               .event = wire::create_event(origin, texts.seen_by(place, {}))});
    }
    return passed_over;
  };
  const auto passed_over = co_await change(backend, decide);
  if (!passed_over) co_return passed_over.error();
  co_return done_but_for(*passed_over);
}

awaitable<Result<PeerAnswer>> answer_on_conversation_updated(Backend& backend,
                                                             const PeerRequest& request) {
  const auto update = wire::decode_conversation_updated(request.body);
  if (!update) co_return update.error();
  const auto decide = [&](store::Transaction& transaction, Events& events) -> Result<PassedOver> {
    return Update{backend, request.origin, *update, transaction, events}.apply();
  };
  const auto passed_over = co_await change(backend, decide);
  if (!passed_over) co_return passed_over.error();
  co_return done_but_for(*passed_over);
}

awaitable<Result<PeerAnswer>> answer_leave_conversation(Backend& backend,
                                                        const PeerRequest& request) {
  const auto leave = wire::decode_peer_leave(request.body);
  if (!leave) co_return leave.error();
  const QualifiedUser leaver{request.origin, leave->leaver};
  const QualifiedConversation id{backend.domain, leave->conversation};
  auto refused = wire::LeaveAnswer::left;
  const auto decide = [&](store::Transaction& transaction,
                          Events& events) -> Result<std::optional<Happening>> {
    const auto conversation = store::find_conversation(transaction, id);
    const bool member = store::is_member(transaction, id, leaver);
    refused = wire::LeaveAnswer::left;
    if (!conversation) refused = wire::LeaveAnswer::not_found;
    if (conversation && !member) refused = wire::LeaveAnswer::unchanged;
    if (member && !can_change(conversation->type)) refused = wire::LeaveAnswer::not_allowed;
    if (refused != wire::LeaveAnswer::left) return std::optional<Happening>{};
    const auto origin = origin_of_change(backend, transaction, leaver, id);
    auto happening = happen(backend, transaction, events, origin, {}, MembersGone{{leaver}});
    store::erase_member(transaction, backend.domain, id, leaver);
    store::put_time_of_change(transaction, id, origin.time);
    return std::optional{std::move(happening)};
  };
  const auto left = co_await change_conversation(backend, decide);
  if (!left) co_return left.error();
  co_return PeerAnswer{.body = wire::encode_leave_answer(refused)};
}

awaitable<Result<PeerAnswer>> answer_get_conversations(Backend& backend,
                                                       const PeerRequest& request) {
  const auto query = wire::decode_conversation_query(request.body);
  if (!query) co_return query.error();
  const QualifiedUser user{request.origin, query->user};
  using Views = std::vector<ConversationView>;
  const auto look_at = [&](const store::Reader& reader) -> Result<Views> {
    Views views;
    for (const auto& id : query->conversations) {
      auto own = own_conversation(reader, user, {backend.domain, id});
      if (own) views.push_back(view_of(reader, *std::move(own)));
    }
    return views;
  };
  const auto views = co_await look(backend, look_at);
  if (!views) co_return views.error();
  co_return PeerAnswer{.body = wire::encode_peer_conversations(*views)};
}

}  // namespace twostep::service
