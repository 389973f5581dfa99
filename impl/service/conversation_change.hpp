#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "impl/core/conversation.hpp"
#include "impl/core/conversation_action.hpp"
#include "impl/core/result.hpp"
#include "impl/service/ask_peers.hpp"
#include "impl/service/change.hpp"
#include "impl/service/peer_calls.hpp"
#include "impl/service/ports.hpp"
#include "impl/store/store.hpp"
#include "impl/wire/conversation_events.hpp"

/// What every change to a conversation begins and ends with: may the caller do this, and who is
/// to hear of it, here and at other backends.
///
/// Threads    What has a transaction, inside of it; coroutines, any.
/// Source     specs/06-conversations.md (CNV), specs/09-federation.md (FED).
namespace twostep::service {

/// A conversation of which the caller is a member.
struct OwnConversation {
  Conversation conversation;
  Member self;
};

/// Errors     `no_conversation`, whether there is none or the caller is not a member.
Result<OwnConversation> own_conversation(const store::Reader& reader, const QualifiedUser& user,
                                         const QualifiedConversation& id);

/// The same, if the caller may do this to it.
/// Errors     Also `invalid_op` if nobody may, `action_denied` if the caller's role does not;
///            `federation_not_implemented` for a conversation of another backend.
Result<OwnConversation> changeable_conversation(const store::Reader& reader,
                                                const QualifiedUser& user,
                                                const QualifiedConversation& id, Action action);

/// Where an event comes from that the caller causes now.
wire::EventOrigin origin_of(const Backend& backend, const Caller& caller,
                            const QualifiedConversation& conversation);

/// The same of a change of who is a member, by anybody: such changes are told with times that have
/// their order (FED-69).
wire::EventOrigin origin_of_change(const Backend& backend, const store::Reader& reader,
                                   const QualifiedUser& by,
                                   const QualifiedConversation& conversation);

/// Stores the event for every local member, the caller included.
void tell_members(store::Transaction& transaction, Events& events, const Domain& local,
                  const Caller& caller, const QualifiedConversation& conversation,
                  const std::string& event);

/// The event that all members find, or none if everything was as it was asked to be.
using Happened = std::optional<std::string>;

/// What a change has come to: the event that is stored, and who is to hear of it afterwards.
struct Happening {
  std::string event;
  std::vector<Asked<std::string, Done>> elsewhere = {};  ///< Each backend and what it is told.
};

/// Stores the event of what happens for every local member, and puts down what each other backend is
/// told. Members are those of now: who is removed still is one, who joins already is.
Happening happen(Backend& backend, store::Transaction& transaction, Events& events,
                 const wire::EventOrigin& origin, ConnectionId connection,
                 const ConversationAction& action);

/// What a backend is told of it.
std::string update_for(const wire::EventOrigin& origin, std::vector<UserId> present,
                       const ConversationAction& action);

/// One change, and then the word to other backends, once. Whom it does not reach does not know of it:
/// the change holds.
///
/// `decide` is called as `Result<std::optional<Happening>>(store::Transaction&, Events&)`.
template <class Decide>
boost::asio::awaitable<Result<Happened>> change_conversation(Backend& backend, Decide decide) {
  auto happening = co_await change(backend, decide);
  if (!happening) co_return happening.error();
  if (!*happening) co_return Happened{};
  co_await ask_all(backend, (*happening)->elsewhere, on_conversation_updated);
  co_return Happened{std::move((*happening)->event)};
}

/// The refusal that names those of the backends that failed, if any did.
template <class Question, class Answer>
std::optional<Refusal> unreachable(const std::vector<Asked<Question, Answer>>& asked) {
  PeerFault fault;
  for (const auto& each : asked)
    if (!each.answer) fault.domains.push_back(each.peer);
  if (fault.domains.empty()) return std::nullopt;
  return Refusal{.reason = Reason::unreachable_backends,
                 .fault = std::make_shared<const PeerFault>(std::move(fault))};
}

/// Sees that all of these backends are there, before anything is begun that needs them.
/// Errors     `unreachable_backends`
boost::asio::awaitable<Result<Done>> see_that_all_are_there(Backend& backend,
                                                            const std::set<Domain>& peers);

}  // namespace twostep::service
