#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "impl/core/ids.hpp"
#include "impl/core/time_uuid.hpp"
#include "impl/wire/json.hpp"

/// Events of a conversation, as the JSON bytes that are stored and sent.
///
/// Shape `{"type","conversation","qualified_conversation","from","qualified_from","time","via",
///            "data"}`.
/// Units      `time` in milliseconds.
/// Threads    Plain values and pure functions.
/// Source     specs/07-wire.md (WIR), events.
namespace twostep::wire {

/// Where an event happened, by whom, and when.
struct EventOrigin {
  QualifiedConversation conversation;
  QualifiedUser from;
  Instant time;
};

/// `conversation.otr-message-add`: one event for each recipient client of a message.
///
/// Made once per message; what all its events have in common is written once and then copied.
class MessageEvents {
 public:
  /// `blob`: what all recipients share, as octets; `data.data` is `""` without it.
  MessageEvents(const EventOrigin& origin, ClientId sender, std::string_view blob);

  /// The event of one client. `ciphertext` is octets: here they become base64.
  std::string event_for(ClientId recipient, std::string_view ciphertext) const;

  /// The same event at another time: what was written early gets the time of its turn. The time comes
  /// as text, so that it is written once for all recipients and not once for each.
  /// Requires   `event` was made by `event_for` of these; `time` by `millisecond_time`.
  std::string at_time(std::string_view event, std::string_view time) const;

 private:
  std::string common_;     ///< Everything up to the recipient's value.
  std::size_t time_at_{};  ///< Where the time stands in it.
};

/// Any other event of a conversation. Not for hot paths.
std::string conversation_event(std::string_view type, const EventOrigin& origin, const Json& data);

/// The same, of data that is JSON text already.
std::string conversation_event_of(std::string_view type, const EventOrigin& origin,
                                  std::string_view data);

}  // namespace twostep::wire
