#pragma once

#include <string>

#include "model/serve/call.hpp"
#include "model/serve/federation.hpp"
#include "model/serve/session.hpp"

/// The endpoints, chapter by chapter. `routes.cpp` says which request reaches which.
namespace twostep::model::serve {

template <class T>
using Task = boost::asio::awaitable<T>;

// accounts.cpp: specs/05-accounts-and-devices.md, Accounts, Access tokens and cookies.
Reply register_account(Call& call);
Reply login(Call& call);
Reply renew_access(Call& call);
Reply logout(Call& call);
Reply own_profile(Call& call);
Task<Reply> profile_of_user(Call& call);
Task<Reply> list_users(Call& call);
Json asked_for_profiles(Asked& asked);
/// The token that comes with a request, if it is good.
std::optional<AccessToken> access_token_of(const Server& server, const Request& request);
/// Throws a Refusal: 403 `missing-auth` without a password, `invalid-credentials` with a wrong one.
void check_password(const Account& account, const std::optional<std::string>& password);

// clients.cpp: Clients.
Reply add_client(Call& call);
Reply list_own_clients(Call& call);
Reply own_client(Call& call);
Reply update_client(Call& call);
Reply delete_client(Call& call);
Reply capabilities_of_client(Call& call);
Task<Reply> clients_of_user(Call& call);
Task<Reply> client_of_user(Call& call);
Task<Reply> list_clients(Call& call);
/// A client as others see it. Requires that the user has it.
Json public_json_of_client(Server& server, const QualifiedId& user, ClientNumber id);

// prekeys.cpp: Prekeys.
Reply prekeys_left(Call& call);
Task<Reply> claim_prekeys(Call& call);
Task<Reply> claim_prekeys_of_user(Call& call);
Task<Reply> claim_prekey_of_client(Call& call);
Json asked_for_prekeys(Asked& asked);
Json asked_for_a_prekey(Asked& asked);
Json asked_for_prekeys_of_user(Asked& asked);
/// Throws a Refusal (400) for what is no Proteus bundle of this id.
Prekey read_prekey(const Json& prekey);
Prekey read_last_prekey(const Json& prekey);

// push.cpp: Push tokens; specs/02-deliver.md, Native push.
Reply add_push_token(Call& call);
Reply list_push_tokens(Call& call);
Reply delete_push_token(Call& call);
void push(Server& server, const Push& effect);

// connections.cpp: specs/06-conversations.md, Connections.
Task<Reply> ask_for_connection(Call& call);
Task<Reply> update_connection(Call& call);
Json told_of_connection(Asked& asked);
Reply read_connection(Call& call);
Reply list_connections(Call& call);
/// Accepted by both, and blocked by neither.
bool connected(const Server& server, const QualifiedId& user, const QualifiedId& other);

// conversations.cpp, members.cpp: Creating and reading, Members.
Task<Reply> create_conversation(Call& call);
Task<Reply> read_conversation(Call& call);
Reply list_conversation_ids(Call& call);
Task<Reply> list_conversations(Call& call);
Task<Reply> add_members(Call& call);
Task<Reply> remove_member(Call& call);
Task<Reply> change_role(Call& call);
Task<Reply> change_settings(Call& call);
Reply type_in_conversation(Call& call);
/// The conversation as a member sees it.
Json view_of(const ConversationRecord& conversation, const QualifiedId& member);
/// Without what depends on its type: `data` is left to the caller.
Json conversation_event(const std::string& type, const QualifiedId& conversation,
                        const QualifiedId& from, Moment time, Json data);
/// What `conversation.create` says of it, with access roles in an older spelling too.
Json create_event_data(const ConversationRecord& conversation, const QualifiedId& member);
std::string role_in(const Json& body);

// peer_conversations.cpp: specs/09-federation.md, Conversations of several backends.
Json asked_for_conversations(Asked& asked);
Task<Json> asked_to_leave(Asked& asked);
Json told_of_conversation(Asked& asked);
Json told_of_change(Asked& asked);

// peer_messages.cpp: specs/09-federation.md, up to Senders at another backend.
Task<Json> asked_for_clients(Asked& asked);
Task<Json> asked_to_send(Asked& asked);
Task<Json> told_of_message(Asked& asked);
void ask_clients(Server& server, const AskClients& effect);
void tell_to_store(Server& server, const TellToStore& effect);
void forward(Server& server, const Forward& effect);

// messages.cpp: specs/01-send.md.
Task<Reply> send_message(Call& call);
/// With domains.
Json sending_status(Server& server, const Status& status);
Task<Reply> send_message_in_older_form(Call& call);

// notifications.cpp: specs/03-catch-up.md.
Reply catch_up_page(Call& call);
Reply last_notification(Call& call);
Reply one_notification(Call& call);
Reply server_time(Call& call);
/// A notification as it is shown, on a page and in a frame.
Json json_of(const Server& server, UserId user, const Notification& notification);

// sockets.cpp: specs/02-deliver.md, Over the websocket.
Response open_socket(Call& call);
void write_frame(Server& server, const WriteFrame& effect);
void close_socket(Server& server, const CloseSocket& effect);

}  // namespace twostep::model::serve
