#pragma once

#include <string>

#include "model/message.hpp"
#include "model/serve/server.hpp"

/// The message that a client posts, in its three forms, put into the model's words.
///
/// Shape      Conversation and sending user are left to the caller: they are not in the body.
/// Errors     A Refusal (400 `bad-request`).
/// Source     specs/otr.proto; specs/01-send.md SND-29, SND-31, SND-32, SND-37..SND-41; ROB-06, ROB-08.
namespace twostep::model::serve {

/// `low`, `high`, or null if the message does not say.
Json priority_in(const std::string& body);

Message read_qualified_message(Server& server, const std::string& body);

struct OlderMessage {
  Message message;  ///< Without its strategy, which depends on parameters too.
  OlderStrategy strategy;
};
OlderMessage read_older_message(Server& server, const std::string& body);
OlderMessage read_json_message(Server& server, const Json& body);

}  // namespace twostep::model::serve
