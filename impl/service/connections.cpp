#include "impl/service/connections.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "impl/core/limits.hpp"
#include "impl/service/change.hpp"
#include "impl/service/connections_elsewhere.hpp"
#include "impl/service/conversation_change.hpp"
#include "impl/store/accounts.hpp"
#include "impl/store/connections.hpp"
#include "impl/store/conversations.hpp"
#include "impl/wire/conversation_events.hpp"

namespace twostep::service {
namespace {

using boost::asio::awaitable;

/// Both sides of a connection between two users of this backend, and the change of it.
class ConnectionChange {
 public:
  ConnectionChange(Backend& backend, const Caller& caller, const UserId& other,
                   store::Transaction& transaction, Events& events)
      : backend_{backend},
        caller_{caller},
        me_{backend.domain, caller.user},
        other_{backend.domain, other},
        transaction_{transaction},
        events_{events},
        mine_{store::find_connection(transaction, me_.id, other_)},
        theirs_{store::find_connection(transaction, other_.id, me_)} {}

  std::optional<Relations> before() const {
    if (!mine_ || !theirs_) return std::nullopt;  // Both rows are written together.
    return Relations{mine_->status, theirs_->status};
  }

  const Connection& mine() const { return *mine_; }

  /// Whether my side would go beyond what a user may want at once.
  bool too_many(Relations after) const {
    if (!takes_part(after.mine) || (mine_ && takes_part(mine_->status))) return false;
    return store::count_wanted(transaction_, me_.id, limits_max) >= limits_max;
  }

  /// Writes both sides, brings the conversation to what they want, and tells whom it concerns.
  void become(Relations after, const ConversationId& unused_id) {
    const auto now = backend_.clock.now();
    const QualifiedConversation conversation =
        mine_ ? mine_->conversation : QualifiedConversation{backend_.domain, unused_id};
    put_side(mine_, me_.id, other_, after.mine, conversation, now);
    put_side(theirs_, other_.id, me_, after.theirs, conversation, now);
    settle_conversation(after, {.conversation = conversation, .from = me_, .time = now});
  }

 private:
  static constexpr auto limits_max = twostep::limits::connections_max;

  void put_side(std::optional<Connection>& side, const UserId& from, const QualifiedUser& to,
                Relation status, const QualifiedConversation& conversation, Instant now) {
    if (side && side->status == status) return;
    side = Connection{
        .from = from, .to = to, .status = status, .last_update = now, .conversation = conversation};
    store::put_connection(transaction_, *side);
    const auto account = store::find_account(transaction_, to.id);
    const auto name = account ? std::optional{account->name} : std::nullopt;
    tell(from, wire::connection_event(*side, name));
  }

  void settle_conversation(Relations after, const wire::EventOrigin& origin) {
    auto conversation = store::find_conversation(transaction_, origin.conversation);
    const bool is_new = !conversation;
    if (is_new) {
      conversation = Conversation{.id = origin.conversation,
                                  .type = ConversationType::connect,
                                  .creator = me_.id,
                                  .access = {"private"}};
    }
    const bool both = after == Relations{Relation::accepted, Relation::accepted};
    if (both) conversation->type = ConversationType::one_to_one;
    if (is_new || both) store::put_conversation(transaction_, *conversation);

    std::vector<Member> joined;
    settle_member(me_, after.mine, *conversation, joined);
    settle_member(other_, after.theirs, *conversation, joined);
    if (is_new) {
      const std::array members = {Member{.user = me_}};
      const wire::ConversationTexts texts{*conversation, members,
                                          wire::ConversationSchema::in_events};
      tell(me_.id, wire::create_event(origin, texts.seen_by(0, {})));
    } else if (both && !joined.empty()) {
      tell_members(transaction_, events_, backend_.domain, caller_, origin.conversation,
                   wire::member_join_event(origin, joined));
    }
  }

  void settle_member(const QualifiedUser& user, Relation relation, const Conversation& conversation,
                     std::vector<Member>& joined) {
    const bool was = store::is_member(transaction_, conversation.id, user);
    if (takes_part(relation) == was) return;
    if (was) {
      store::erase_member(transaction_, backend_.domain, conversation.id, user);
    } else {
      joined.push_back({.user = user});
      store::put_member(transaction_, backend_.domain, conversation.id, joined.back());
    }
  }

  void tell(const UserId& user, std::string event) {
    events_.add(
        transaction_,
        {.user = user, .targets = {}, .origin = caller_.connection, .event = std::move(event)});
  }

  Backend& backend_;
  const Caller& caller_;
  QualifiedUser me_;
  QualifiedUser other_;
  store::Transaction& transaction_;
  Events& events_;
  std::optional<Connection> mine_;
  std::optional<Connection> theirs_;
};

}  // namespace

awaitable<Result<AskedConnection>> ask_for_connection(Backend& backend, Caller caller,
                                                      QualifiedUser to) {
  if (to.domain != backend.domain)
    co_return co_await ask_for_connection_elsewhere(backend, caller, std::move(to));
  if (to.id == caller.user) co_return Refusal{Reason::invalid_user};
  const ConversationId unused_id{backend.entropy.uuid()};
  const auto decide = [&](store::Transaction& transaction,
                          Events& events) -> Result<AskedConnection> {
    if (!store::account_exists(transaction, to.id)) return Refusal{Reason::invalid_user};
    ConnectionChange change{backend, caller, to.id, transaction, events};
    const auto before = change.before();
    const auto after = twostep::ask_for_connection(before);
    if (change.too_many(after)) return Refusal{Reason::connection_limit};
    if (after != before) change.become(after, unused_id);
    return AskedConnection{.connection = change.mine(), .created = !before};
  };
  co_return co_await service::change(backend, decide);
}

awaitable<Result<std::optional<Connection>>> update_connection(Backend& backend, Caller caller,
                                                               QualifiedUser to, Relation wanted) {
  if (to.domain != backend.domain)
    co_return co_await update_connection_elsewhere(backend, caller, std::move(to), wanted);
  const auto decide = [&](store::Transaction& transaction,
                          Events& events) -> Result<std::optional<Connection>> {
    ConnectionChange change{backend, caller, to.id, transaction, events};
    const auto before = change.before();
    if (!before) return Refusal{Reason::not_connected};
    const auto after = twostep::update_connection(*before, wanted);
    if (!after) return Refusal{Reason::bad_connection_update};
    if (*after == *before) return std::optional<Connection>{};
    if (change.too_many(*after)) return Refusal{Reason::connection_limit};
    change.become(*after, change.mine().conversation.id);
    return std::optional{change.mine()};
  };
  co_return co_await service::change(backend, decide);
}

awaitable<Result<std::optional<Connection>>> find_connection(Backend& backend, Caller caller,
                                                             QualifiedUser to) {
  const auto look_at = [&](const store::Reader& reader) -> Result<std::optional<Connection>> {
    return store::find_connection(reader, caller.user, to);
  };
  co_return co_await look(backend, look_at);
}

awaitable<Result<wire::ConnectionPage>> list_connections(Backend& backend, Caller caller,
                                                         wire::ListConnections list) {
  const auto look_at = [&](const store::Reader& reader) -> Result<wire::ConnectionPage> {
    auto connections = store::connections_of(reader, caller.user, list.after, list.size + 1);
    const bool has_more = connections.size() > list.size;
    if (has_more) connections.pop_back();
    return wire::ConnectionPage{.connections = std::move(connections), .has_more = has_more};
  };
  co_return co_await look(backend, look_at);
}

}  // namespace twostep::service
