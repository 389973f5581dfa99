#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conformance/support/http.hpp"
#include "conformance/support/json.hpp"

/// What the target asks of a peer, and what the peer makes of it.
namespace twostep::conformance {

/// Calls between backends, as they stand in a path after "/federation/".
namespace rpc {
inline const std::string api_version = "brig/api-version";
inline const std::string claim_prekey = "brig/claim-prekey";
inline const std::string claim_prekey_bundle = "brig/claim-prekey-bundle";
inline const std::string claim_prekeys = "brig/claim-multi-prekey-bundle";
inline const std::string get_user_clients = "brig/get-user-clients";
inline const std::string get_users_by_ids = "brig/get-users-by-ids";
inline const std::string send_connection_action = "brig/send-connection-action";
inline const std::string get_conversations = "galley/get-conversations";
inline const std::string leave_conversation = "galley/leave-conversation";
inline const std::string on_conversation_created = "galley/on-conversation-created";
inline const std::string on_conversation_updated = "galley/on-conversation-updated";
inline const std::string on_message_sent = "galley/on-message-sent";
inline const std::string send_message = "galley/send-message";
}  // namespace rpc

/// A call that a peer has received.
struct Call {
  std::size_t number = 0;  ///< Ascending in the order of arrival at all peers of the test.
  std::string peer;        ///< Name of the peer: "b".
  std::string rpc;         ///< See above; for anything else method and path.
  std::string origin;      ///< `Wire-Origin-Domain`
  std::vector<Header> headers = {};
  std::string bytes;  ///< The body as it came.
  Json body;          ///< The same as JSON; null if it is none.
};

void PrintTo(const Call& call, std::ostream* out);

/// What a peer does about one call.
struct Answer {
  enum class Ending {
    stays_open,  ///< For the next call.
    closes,
    resets,
    falls_silent,  ///< Stays open, and nothing comes any more.
    never_ends,    ///< Goes on sending until the target has had enough.
  };
  std::string bytes =
      {};  ///< Status line, headers and body, as on the wire; may be cut short or empty.
  Ending ending = Ending::stays_open;
};

/// Decides on an answer when the call is there.
using Answering = std::function<Answer(const Call& call)>;

Answering with_json(const Json& body, int status = 200);
Answering with_error(int status,
                     const std::string& label);  ///< An error body, as backends write them.
Answering with_text(const std::string& text, int status = 200);
Answering with_bytes(const std::string& bytes);  ///< Instead of HTTP; then closes.
Answering by_silence();
Answering by_hanging_up();
Answering by_reset();
Answering by_half_an_answer();   ///< Announces more than it sends, and closes.
Answering by_stopping_midway();  ///< The same, and falls silent.
Answering without_end();

/// A call that waits at the peer until the test lets it be answered.
///
///     auto held = b.holds(rpc::get_user_clients);
///     …
///     EXPECT_TRUE(held.arrives());
///     held.release();
///
/// The last copy that goes away releases as well.
class Held {
 public:
  Held();

  /// Waits for the call. False if it has not come within the deadline.
  bool arrives() const;

  /// Lets the peer answer as a correct backend would, or otherwise.
  void release(Answering answering = {}) const;

  /// For the peer's script: blocks until released. `truth` is what is answered without other word.
  Answering answering(Answering truth) const;

 private:
  struct State;
  std::shared_ptr<State> held_;
  std::shared_ptr<void> last_copy_;  ///< Releases when it goes; the script has none.
};

}  // namespace twostep::conformance
