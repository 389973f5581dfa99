#include "impl/service/connections_elsewhere.hpp"

#include <sodium.h>

#include <algorithm>
#include <utility>

#include "impl/core/connection_elsewhere.hpp"
#include "impl/core/limits.hpp"
#include "impl/service/change.hpp"
#include "impl/service/peer_calls.hpp"
#include "impl/store/accounts.hpp"
#include "impl/store/connections.hpp"
#include "impl/store/conversations.hpp"
#include "impl/wire/connections.hpp"
#include "impl/wire/peer_users.hpp"

namespace twostep::service {
namespace {

using boost::asio::awaitable;

/// This side of one connection, and the change of it.
class Side {
 public:
  Side(const Backend& backend, const store::Reader& reader, const UserId& user,
       const QualifiedUser& other)
      : backend_{backend},
        me_{backend.domain, user},
        other_{other},
        row_{store::find_connection(reader, user, other)} {}

  std::optional<Relation> relation() const {
    return row_ ? std::optional{row_->status} : std::nullopt;
  }
  const std::optional<Connection>& row() const { return row_; }

  /// Whether the user would want more connections than one may.
  bool too_many(const store::Reader& reader, Relation after) const {
    constexpr auto most = twostep::limits::connections_max;
    if (!takes_part(after) || (row_ && takes_part(row_->status))) return false;
    return store::count_wanted(reader, me_.id, most) >= most;
  }

  /// Writes the row, brings the conversation to it, and tells the user.
  void become(store::Transaction& transaction, Events& events, Relation after,
              ConnectionId connection) {
    if (relation() == after) return;
    row_ = Connection{.from = me_.id,
                      .to = other_,
                      .status = after,
                      .last_update = backend_.clock.now(),
                      .conversation = one_to_one_of(me_, other_)};
    store::put_connection(transaction, *row_);
    settle_conversation(transaction, after);
    events.add(transaction, {.user = me_.id,
                             .targets = {},
                             .origin = connection,
                             .event = wire::connection_event(*row_, std::nullopt)});
  }

 private:
  void settle_conversation(store::Transaction& transaction, Relation after) const {
    const auto id = row_->conversation;
    settle_member(transaction, id, me_, takes_part(after));
    if (id.domain != backend_.domain) return;  // The other backend keeps the rest.
    if (const auto theirs = other_takes_part(after))
      settle_member(transaction, id, other_, *theirs);
    auto conversation = store::find_conversation(transaction, id)
                            .value_or(Conversation{.id = id,
                                                   .type = ConversationType::connect,
                                                   .creator = me_.id,
                                                   .access = {"private"}});
    if (after == Relation::accepted) conversation.type = ConversationType::one_to_one;
    store::put_conversation(transaction, conversation);
  }

  void settle_member(store::Transaction& transaction, const QualifiedConversation& id,
                     const QualifiedUser& user, bool is_in) const {
    if (is_in) {
      store::put_member(transaction, backend_.domain, id, {.user = user});
    } else {
      store::erase_member(transaction, backend_.domain, id, user);
    }
  }

  const Backend& backend_;
  QualifiedUser me_;
  QualifiedUser other_;
  std::optional<Connection> row_;
};

/// What the user wants, given this side's row. Decided before the other backend is told, and again
/// when it has answered.
template <class Decide>
awaitable<Result<AskedConnection>> move(Backend& backend, Caller caller, QualifiedUser other,
                                        Decide decide) {
  const auto look_at = [&](const store::Reader& reader) -> Result<Move> {
    const Side side{backend, reader, caller.user, other};
    const auto move = decide(side.relation());
    if (move && side.too_many(reader, move->mine)) return Refusal{Reason::connection_limit};
    return move;
  };
  const auto wanted = co_await look(backend, look_at);
  if (!wanted) co_return wanted.error();
  std::optional<Wish> reaction;
  if (wanted->tell) {
    wire::PeerWish wish{.from = caller.user, .to = other.id, .wish = *wanted->tell};
    const auto answer = co_await send_connection_action(backend, other.domain, wish);
    if (!answer) co_return answer.error();
    if (!answer->exists) co_return Refusal{Reason::invalid_user};
    reaction = answer->reaction;
  }

  const auto commit = [&](store::Transaction& transaction,
                          Events& events) -> Result<AskedConnection> {
    Side side{backend, transaction, caller.user, other};
    const auto move = decide(side.relation());
    if (!move) return move.error();
    if (side.too_many(transaction, move->mine)) return Refusal{Reason::connection_limit};
    const bool created = !side.row();
    auto after = move->mine;
    if (reaction) after = *hear(after, *reaction);
    side.become(transaction, events, after, caller.connection);
    return AskedConnection{.connection = *side.row(), .created = created};
  };
  co_return co_await change(backend, commit);
}

}  // namespace

QualifiedConversation one_to_one_of(const QualifiedUser& one, const QualifiedUser& other) {
  const auto name_of = [](const QualifiedUser& user) {
    return user.domain.text() + '/' + user.id.text();
  };
  const bool in_order = name_of(one) < name_of(other);
  const auto& first = in_order ? one : other;
  const auto& second = in_order ? other : one;
  const auto names = name_of(first) + '\n' + name_of(second);

  unsigned char hash[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(hash, reinterpret_cast<const unsigned char*>(names.data()), names.size());
  Uuid::Octets octets{};
  std::copy_n(hash, octets.size(), octets.begin());
  const bool first_owns = hash[octets.size()] % 2 == 0;
  return {(first_owns ? first : second).domain, ConversationId{Uuid::random(octets)}};
}

awaitable<Result<AskedConnection>> ask_for_connection_elsewhere(Backend& backend, Caller caller,
                                                                QualifiedUser to) {
  const auto decide = [](std::optional<Relation> mine) -> Result<Move> {
    return ask_elsewhere(mine);
  };
  co_return co_await move(backend, caller, std::move(to), decide);
}

awaitable<Result<std::optional<Connection>>> update_connection_elsewhere(Backend& backend,
                                                                         Caller caller,
                                                                         QualifiedUser to,
                                                                         Relation wanted) {
  std::optional<Relation> before;
  const auto decide = [&](std::optional<Relation> mine) -> Result<Move> {
    if (!mine) return Refusal{Reason::not_connected};
    const auto move = update_elsewhere(*mine, wanted);
    if (!move) return Refusal{Reason::bad_connection_update};
    before = mine;
    return *move;
  };
  auto moved = co_await move(backend, caller, std::move(to), decide);
  if (!moved) co_return moved.error();
  if (moved->connection.status == before) co_return std::optional<Connection>{};
  co_return std::optional{std::move(moved->connection)};
}

awaitable<Result<PeerAnswer>> answer_send_connection_action(Backend& backend,
                                                            const PeerRequest& request) {
  const auto heard = wire::decode_peer_wish(request.body);
  if (!heard) co_return heard.error();
  const QualifiedUser from{request.origin, heard->from};
  const auto decide = [&](store::Transaction& transaction,
                          Events& events) -> Result<wire::WishAnswer> {
    if (!store::account_exists(transaction, heard->to)) return wire::WishAnswer{.exists = false};
    Side side{backend, transaction, heard->to, from};
    const auto after = hear(side.relation(), heard->wish);
    if (!after) return wire::WishAnswer{};
    side.become(transaction, events, *after, {});
    return wire::WishAnswer{.reaction = reaction_to(heard->wish, *after)};
  };
  const auto answer = co_await change(backend, decide);
  if (!answer) co_return answer.error();
  co_return PeerAnswer{.body = wire::encode_wish_answer(*answer)};
}

}  // namespace twostep::service
