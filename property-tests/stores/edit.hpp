#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "impl/core/account.hpp"
#include "impl/core/client.hpp"
#include "impl/core/connection.hpp"
#include "impl/core/conversation.hpp"
#include "impl/core/ids.hpp"
#include "impl/core/time_uuid.hpp"
#include "property-tests/world/choices.hpp"

/// What is done to a store, as plain numbers: so that it can be done to the model as well, told, and made
/// smaller. And the values that the numbers stand for.
///
/// Threads    Plain values.
namespace twostep::properties::stores {

enum class EditKind : std::uint8_t {
  tell,  ///< One notification to some inboxes.
  trim,
  look,  ///< At everything, from inside of the transaction.
  put_account,
  put_client,
  erase_client,
  touch_client,
  put_prekey,
  claim_prekey,
  remove_prekeys,
  put_conversation,
  note_change,
  put_member,
  erase_member,
  note_joined,
  put_own_state,
  put_connection,
  put_cookie,
  erase_cookie,
  erase_cookies_labelled,
  put_push_token,
  remove_push_token,
  remove_dead_push_token,
  remove_push_tokens,
  overlong_key,  ///< No store takes it: the change throws.
};

/// One step of a change. What a number means depends on the kind.
struct Edit {
  EditKind kind = EditKind::tell;
  std::uint32_t user = 0;    ///< Of `users`.
  std::uint32_t other = 0;   ///< Of `people`; `tell`: further inboxes, a bit each.
  std::uint32_t device = 0;  ///< Of `devices`; `tell`: for which, a bit each, none for all.
  std::uint32_t thing = 0;   ///< Which conversation, prekey, cookie; `tell`: how large.
  std::uint32_t value = 0;   ///< What its row says.
  std::uint32_t when = 0;    ///< Of `moment`; `past_the_end` is beyond time.

  static constexpr std::uint32_t past_the_end = 40;
  Instant time() const;   ///< For ids.
  Instant clock() const;  ///< For what is kept in milliseconds: some of these share one.
  Instant day() const;    ///< For what is kept in days: the same.
};

/// One transaction.
struct Change {
  std::vector<Edit> edits;
  bool gives_up = false;  ///< Throws in the end, and must leave no trace.

  /// Whether it throws, whatever the store holds.
  bool throws() const;
};

/// How ids are made in a history.
struct Ids {
  bool by_wall_clock = false;
  Origin origin = {};
};

/// About one user: a page of the inbox, and of other lists.
struct Question {
  UserId user;
  std::optional<ClientId> client = {};
  std::optional<TimeUuid> since = {};
  Instant oldest = {};
  std::size_t size = 0;
  std::optional<std::uint32_t> after =
      {};  ///< Of `conversations` and of `people`, for their lists.
};

/// What a change said while it was decided, and the ids that it was given.
struct Said {
  std::string words;
  std::vector<TimeUuid> ids;
};

Change any_change(Choices& choices);
std::string told(const Change& change);
std::string told(const Question& question);

/// The values in an edit.
std::vector<UserId> inboxes_in(const Edit& edit);
std::vector<ClientId> targets_in(const Edit& edit);
std::string event_in(const Edit& edit);
Account account_in(const Edit& edit);
Client client_in(const Edit& edit);
Prekey prekey_in(const Edit& edit);
Conversation conversation_in(const Edit& edit);
Member member_in(const Edit& edit);
OwnState own_state_in(const Edit& edit);
Connection connection_in(const Edit& edit);
Cookie cookie_in(const Edit& edit);
PushToken push_token_in(const Edit& edit);

}  // namespace twostep::properties::stores
