#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "impl/core/conversation.hpp"
#include "impl/core/ids.hpp"
#include "impl/core/limits.hpp"
#include "impl/core/result.hpp"

/// The bodies of the endpoints of conversations and of their members.
///
/// Errors     `bad_request` for a body that is not as it has to be.
/// Threads    Pure functions and plain values.
/// Source     specs/06-conversations.md (CNV), specs/07-wire.md (WIR).
namespace twostep::wire {

/// What a conversation is to be, as its creator asks for it.
struct NewConversation {
  std::vector<QualifiedUser> users;  ///< In order of their names, each once.
  Role role = Role::admin;           ///< Of those users; the creator is an admin.
  std::optional<std::string> name;
  std::vector<std::string> access;
  std::vector<std::string> access_role;
  std::optional<std::int64_t> message_timer_ms;
  std::optional<std::int64_t> receipt_mode;
};
/// `local` is the domain of users that are named without one.
Result<NewConversation> decode_new_conversation(std::string_view body, const Domain& local);

/// `{"qualified_users":[…],"conversation_role":"wire_member"}`
struct NewMembers {
  std::vector<QualifiedUser> users;  ///< In order of their names, each once.
  Role role = Role::admin;
};
Result<NewMembers> decode_new_members(std::string_view body);

/// `{"size":1000,"paging_state":"…"}`; both may be left out, and so may the body.
struct ListConversationIds {
  std::size_t size = limits::conversations_page_max;
  std::optional<QualifiedConversation> after;
};
Result<ListConversationIds> decode_list_conversation_ids(std::string_view body);

/// `{"qualified_ids":[…]}`
Result<std::vector<QualifiedConversation>> decode_conversation_ids(std::string_view body);

Result<std::string> decode_name(std::string_view body);                           ///< `name`
Result<std::optional<std::int64_t>> decode_message_timer(std::string_view body);  ///< Or null.
Result<std::int64_t> decode_receipt_mode(std::string_view body);  ///< `receipt_mode`
Result<Role> decode_role(std::string_view body);                  ///< `conversation_role`
Result<OwnState> decode_own_state(std::string_view body);         ///< At least one member of it.

enum class Typing { started, stopped };
Result<Typing> decode_typing(std::string_view body);

/// Two shapes of one conversation: that of the endpoints, and the older one that events carry.
enum class ConversationSchema { current, in_events };

/// One conversation for each of its members. What is the same for all is written once, so that
/// telling 500 members about each other costs copies of text and no more.
class ConversationTexts {
 public:
  ConversationTexts(const Conversation& conversation, std::span<const Member> members,
                    ConversationSchema schema);

  /// As the member with this place in `members` sees it.
  std::string seen_by(std::size_t member, const OwnState& own_state) const;

 private:
  std::string head_;                  ///< Up to where the member begins that is looking.
  std::vector<std::string> members_;  ///< What everybody sees of each, without the last brace.
  std::size_t members_bytes_ = 0;
};

std::string encode_conversation(const ConversationView& view);

/// The same, as the answer to its creation has it.
std::string encode_created_conversation(const ConversationView& view);

struct ConversationIdPage {
  std::vector<QualifiedConversation> ids;
  bool has_more = false;
};
std::string encode_conversation_ids(const ConversationIdPage& page);

struct FoundConversations {
  std::vector<ConversationView> found;
  std::vector<QualifiedConversation> not_found;
  std::vector<QualifiedConversation> failed;  ///< Of owners that could not be asked.
};
std::string encode_conversations(const FoundConversations& conversations);

}  // namespace twostep::wire
