#include "impl/service/conversations.hpp"

#include <algorithm>
#include <utility>

#include "impl/core/limits.hpp"
#include "impl/service/change.hpp"
#include "impl/service/conversation_change.hpp"
#include "impl/service/conversations_elsewhere.hpp"
#include "impl/store/connections.hpp"
#include "impl/store/conversations.hpp"
#include "impl/wire/conversation_events.hpp"
#include "impl/wire/peer_conversations.hpp"

namespace twostep::service {
namespace {

using boost::asio::awaitable;

/// One attribute of a conversation gets a new value, unless it has it already.
template <class T>
awaitable<Result<Happened>> change_attribute(Backend& backend, Caller caller,
                                             QualifiedConversation id, Action permission,
                                             T Conversation::*attribute, T wanted,
                                             ConversationAction action) {
  using Outcome = Result<std::optional<Happening>>;
  const auto decide = [&](store::Transaction& transaction, Events& events) -> Outcome {
    auto own = changeable_conversation(transaction, {backend.domain, caller.user}, id, permission);
    if (!own) return own.error();
    auto& conversation = own->conversation;
    if (conversation.*attribute == wanted) return std::optional<Happening>{};
    conversation.*attribute = wanted;
    store::put_conversation(transaction, conversation);
    return std::optional{happen(backend, transaction, events, origin_of(backend, caller, id),
                                caller.connection, action)};
  };
  co_return co_await change_conversation(backend, decide);
}

/// The conversation as it will be, with its creator first.
ConversationView view_for_creator(const Backend& backend, const Caller& caller,
                                  const ConversationId& id, wire::NewConversation wanted) {
  const QualifiedUser creator{backend.domain, caller.user};
  ConversationView view{.conversation = {.id = {backend.domain, id},
                                         .type = ConversationType::group,
                                         .creator = creator.id,
                                         .name = std::move(wanted.name),
                                         .access = std::move(wanted.access),
                                         .access_role = std::move(wanted.access_role),
                                         .message_timer_ms = wanted.message_timer_ms,
                                         .receipt_mode = wanted.receipt_mode},
                        .members = {{.user = creator, .role = Role::admin}}};
  for (auto& user : wanted.users) {
    if (user != creator) view.members.push_back({std::move(user), wanted.role});
  }
  return view;
}

bool knows_all(const store::Reader& reader, const ConversationView& view) {
  const auto& creator = view.members.front().user;
  return std::all_of(view.members.begin() + 1, view.members.end(), [&](const Member& member) {
    return store::connected(reader, creator.domain, creator.id, member.user);
  });
}

std::set<Domain> backends_of_others(const Domain& local, const std::vector<Member>& members) {
  std::set<Domain> others;
  for (const auto& member : members)
    if (member.user.domain != local) others.insert(member.user.domain);
  return others;
}

/// Everything that is needed of other backends before the conversation is stored here: that its
/// creator knows all, that all are there, and that they were told.
awaitable<Result<Done>> prepare_elsewhere(Backend& backend, const ConversationView& view) {
  const auto others = backends_of_others(backend.domain, view.members);
  if (others.empty()) co_return Done{};
  const auto look_at = [&](const store::Reader& reader) -> Result<Done> {
    if (!knows_all(reader, view)) return Refusal{Reason::not_connected};
    return Done{};
  };
  const auto known = co_await look(backend, look_at);
  if (!known) co_return known.error();
  const auto there = co_await see_that_all_are_there(backend, others);
  if (!there) co_return there.error();

  const auto body = wire::encode_conversation_created(
      {.time = backend.clock.now(), .conversation = view.conversation, .members = view.members});
  std::vector<Asked<std::string, Done>> told;
  for (const auto& peer : others) told.push_back({peer, body});
  co_await ask_all(backend, told, on_conversation_created);
  if (auto refusal = unreachable(told)) co_return *std::move(refusal);
  co_return Done{};
}

}  // namespace

ConversationView view_of(const store::Reader& reader, OwnConversation own) {
  auto members = store::members(reader, own.conversation.id);
  const auto self = std::find(members.begin(), members.end(), own.self);
  auto own_state = store::own_state(reader, own.self.user.id, own.conversation.id);
  const auto place = static_cast<std::size_t>(self - members.begin());
  return {.conversation = std::move(own.conversation),
          .members = std::move(members),
          .self = place,
          .own_state = std::move(own_state)};
}

awaitable<Result<ConversationView>> create_conversation(Backend& backend, Caller caller,
                                                        wire::NewConversation wanted) {
  const auto view =
      view_for_creator(backend, caller, ConversationId{backend.entropy.uuid()}, std::move(wanted));
  if (view.members.size() > twostep::limits::members_max)
    co_return Refusal{Reason::client_error, "Too many members"};
  const auto prepared = co_await prepare_elsewhere(backend, view);
  if (!prepared) co_return prepared.error();

  // Texts are made here, so that the store's one writer only copies them.
  const auto& id = view.conversation.id;
  const wire::ConversationTexts texts{view.conversation, view.members,
                                      wire::ConversationSchema::in_events};
  const auto decide = [&](store::Transaction& transaction,
                          Events& events) -> Result<ConversationView> {
    if (!knows_all(transaction, view)) return Refusal{Reason::not_connected};
    store::put_conversation(transaction, view.conversation);
    const auto origin = origin_of(backend, caller, id);
    for (std::size_t place = 0; place < view.members.size(); ++place) {
      const auto& member = view.members[place];
      store::put_member(transaction, backend.domain, id, member);
      if (member.user.domain != backend.domain) continue;
      events.add(transaction, {.user = member.user.id,
                               .targets = {},
                               .origin = caller.connection,
                               .event = wire::create_event(origin, texts.seen_by(place, {}))});
    }
    return view;
  };
  co_return co_await change(backend, decide);
}

awaitable<Result<ConversationView>> find_conversation(Backend& backend, Caller caller,
                                                      QualifiedConversation id) {
  if (id.domain != backend.domain)
    co_return co_await find_conversation_elsewhere(backend, caller, std::move(id));
  const auto look_at = [&](const store::Reader& reader) -> Result<ConversationView> {
    auto own = own_conversation(reader, {backend.domain, caller.user}, id);
    if (own) return view_of(reader, *std::move(own));
    const bool somebody_elses = store::conversation_exists(reader, id);
    return Refusal{somebody_elses ? Reason::access_denied : Reason::no_conversation};
  };
  co_return co_await look(backend, look_at);
}

awaitable<Result<wire::ConversationIdPage>> list_conversation_ids(Backend& backend, Caller caller,
                                                                  wire::ListConversationIds list) {
  const auto look_at = [&](const store::Reader& reader) -> Result<wire::ConversationIdPage> {
    auto ids =
        store::conversations_of(reader, {backend.domain, caller.user}, list.after, list.size + 1);
    const bool has_more = ids.size() > list.size;
    if (has_more) ids.pop_back();
    return wire::ConversationIdPage{.ids = std::move(ids), .has_more = has_more};
  };
  co_return co_await look(backend, look_at);
}

awaitable<Result<wire::FoundConversations>> list_conversations(
    Backend& backend, Caller caller, std::vector<QualifiedConversation> ids) {
  const auto look_at = [&](const store::Reader& reader) -> Result<wire::FoundConversations> {
    wire::FoundConversations conversations;
    for (const auto& id : ids) {
      if (id.domain != backend.domain) continue;
      auto own = own_conversation(reader, {backend.domain, caller.user}, id);
      if (own) {
        conversations.found.push_back(view_of(reader, *std::move(own)));
      } else {
        conversations.not_found.push_back(id);
      }
    }
    return conversations;
  };
  auto conversations = co_await look(backend, look_at);
  if (!conversations) co_return conversations;
  const auto others = co_await list_conversations_elsewhere(backend, caller, ids, *conversations);
  if (!others) co_return others.error();
  co_return conversations;
}

awaitable<Result<Happened>> rename_conversation(Backend& backend, Caller caller,
                                                QualifiedConversation id, std::string name) {
  Renamed action{name};
  co_return co_await change_attribute<std::optional<std::string>>(
      backend, caller, std::move(id), Action::rename, &Conversation::name, std::move(name),
      std::move(action));
}

awaitable<Result<Happened>> change_message_timer(Backend& backend, Caller caller,
                                                 QualifiedConversation id,
                                                 std::optional<std::int64_t> timer_ms) {
  co_return co_await change_attribute<std::optional<std::int64_t>>(
      backend, caller, std::move(id), Action::change_message_timer, &Conversation::message_timer_ms,
      timer_ms, MessageTimerChanged{timer_ms});
}

awaitable<Result<Happened>> change_receipt_mode(Backend& backend, Caller caller,
                                                QualifiedConversation id,
                                                std::int64_t receipt_mode) {
  co_return co_await change_attribute<std::optional<std::int64_t>>(
      backend, caller, std::move(id), Action::change_receipt_mode, &Conversation::receipt_mode,
      receipt_mode, ReceiptModeChanged{receipt_mode});
}

}  // namespace twostep::service
