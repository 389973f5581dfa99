#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>

#include "impl/wire/accounts.hpp"
#include "impl/wire/clients.hpp"
#include "impl/wire/connections.hpp"
#include "impl/wire/conversations.hpp"
#include "impl/wire/message.hpp"
#include "impl/wire/peer_conversations.hpp"
#include "impl/wire/peer_messages.hpp"
#include "impl/wire/peer_users.hpp"
#include "impl/wire/prekeys.hpp"
#include "impl/wire/push_tokens.hpp"

namespace twostep::wire {
namespace {

const auto a = *Domain::parse("a.example");

/// Why a body was refused; nothing if it was not.
using Decoder = std::function<std::optional<Reason>(std::string_view)>;

template <class T>
std::optional<Reason> refusal(const Result<T>& read) {
  return read ? std::nullopt : std::optional{read.error().reason};
}

#define TWOSTEP_DECODER(name)                                        \
  {                                                                  \
#name, [](std::string_view body) { return refusal(name(body)); } \
  }

const std::map<std::string, Decoder> decoders{
    TWOSTEP_DECODER(decode_new_account),
    TWOSTEP_DECODER(decode_login),
    TWOSTEP_DECODER(decode_password),
    TWOSTEP_DECODER(decode_handle),
    TWOSTEP_DECODER(decode_user_query),
    TWOSTEP_DECODER(decode_cookie_revocation),
    TWOSTEP_DECODER(decode_new_client),
    TWOSTEP_DECODER(decode_client_update),
    TWOSTEP_DECODER(decode_client_query),
    TWOSTEP_DECODER(decode_relation),
    TWOSTEP_DECODER(decode_list_connections),
    TWOSTEP_DECODER(decode_new_members),
    TWOSTEP_DECODER(decode_list_conversation_ids),
    TWOSTEP_DECODER(decode_conversation_ids),
    TWOSTEP_DECODER(decode_name),
    TWOSTEP_DECODER(decode_message_timer),
    TWOSTEP_DECODER(decode_receipt_mode),
    TWOSTEP_DECODER(decode_role),
    TWOSTEP_DECODER(decode_own_state),
    TWOSTEP_DECODER(decode_typing),
    TWOSTEP_DECODER(decode_conversation_updated),
    TWOSTEP_DECODER(decode_peer_leave),
    TWOSTEP_DECODER(decode_conversation_query),
    TWOSTEP_DECODER(decode_peer_send),
    TWOSTEP_DECODER(decode_peer_message),
    TWOSTEP_DECODER(decode_users_query),
    TWOSTEP_DECODER(decode_user_ids),
    TWOSTEP_DECODER(decode_peer_prekey_query),
    TWOSTEP_DECODER(decode_peer_wish),
    TWOSTEP_DECODER(decode_prekey_query),
    TWOSTEP_DECODER(decode_push_token),
    {"decode_new_conversation",
     [](std::string_view body) { return refusal(decode_new_conversation(body, a)); }},
    {"decode_legacy_json_message",
     [](std::string_view body) { return refusal(decode_legacy_json_message(body, {}, a)); }},
    {"decode_conversation_created",
     [](std::string_view body) { return refusal(decode_conversation_created(body, a)); }},
};

#undef TWOSTEP_DECODER

TEST(Bodies, ThatAreNoJsonAreRefused) {
  for (const auto& [name, decode] : decoders)
    for (const auto* body : {"{", "nothing", "{}{}", "\xff", R"({"a":})", "1", R"("text")"})
      EXPECT_EQ(decode(body), Reason::bad_request) << name << ' ' << body;
}

}  // namespace
}  // namespace twostep::wire
