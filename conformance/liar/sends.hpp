#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <otr.pb.h>

#include "conformance/liar/fault.hpp"
#include "conformance/liar/ledger.hpp"

/// Sends as the liar sees them, and what can be made of them.
///
/// Source     specs/01-send.md; specs/otr.proto.
namespace twostep::conformance::liar {

inline const Route sends{"POST", "/conversations/*/*/proteus/messages"};
inline const Route older_sends{"POST", "/conversations/*/otr/messages"};
inline const Route pages{"GET", "/notifications"};

/// Changes the message in a qualified send before the backend sees it.
OnRequest message_becomes(std::function<void(proteus::QualifiedNewOtrMessage&)> change);
OnRequest message_becomes(
    std::function<void(const HttpRequest&, proteus::QualifiedNewOtrMessage&)> change);

/// Changes the sending status of a qualified send, whether it is a 201 or a 412.
OnResponse sending_status_becomes(
    std::function<void(const HttpRequest&, HttpResponse&, Json& status)> change);

/// The message in a qualified send, as far as it can be read.
proteus::QualifiedNewOtrMessage message_in(const HttpRequest& request);

/// A client id as text.
std::string client_text(const proteus::ClientId& client);

/// Domain of the conversation that is sent to, which is the backend's own.
std::string domain_of(const HttpRequest& send);

/// An empty sending status.
Json nothing_to_report();

/// True for a notification that carries a message.
bool carries_message(const Json& notification);

/// Changes the notifications of a page.
OnResponse page_becomes(std::function<void(const HttpRequest&, Json& notifications)> change);

/// A send and its answer.
struct Sent {
  struct Copy {
    std::string client;
    std::string ciphertext;
  };
  std::string test;
  std::string sender;  ///< Client id.
  std::vector<Copy> copies;
  int status;
  Json answer;

  /// What was addressed to the client; none if nothing was.
  std::optional<std::string> addressed_to(const std::string& client) const;

  /// Whether the sending status has anything in this map for the user.
  bool reports(const char* map, const std::string& user) const;
};

/// Who reads an inbox or a socket.
struct Reader {
  std::string user;
  std::string client;  ///< Empty if the inbox is read unfiltered.
};

/// The ciphertext that a reader gets of a message although it should not; none if it gets nothing.
using Leak = std::function<std::optional<std::string>(const Sent&, const Reader&)>;

/// Makes messages appear where they do not belong, in inboxes and on sockets.
Fault leaking(std::string name, std::string clause, Leak leak);

}  // namespace twostep::conformance::liar
