#pragma once

#include <map>
#include <optional>
#include <string>

#include "model/serve/http.hpp"
#include "model/serve/server.hpp"

/// A request that has found its endpoint, as the endpoint sees it.
///
/// Errors     What stands in a path or query and cannot be read is a Refusal (400 `bad-request`).
/// Source     specs/07-wire.md WIR-08, WIR-15.
namespace twostep::model::serve {

struct Call {
  Server& server;
  Request request;
  std::map<std::string, std::string> captures = {};  ///< What stood in the braces of the pattern.
  std::optional<AccessToken> token = {};             ///< There wherever the route needs one.

  bool faulty(Fault fault) const { return server.faulty(fault); }
  Json body() const { return read_json(request.body); }
  Json body_if_any() const { return request.body.empty() ? Json::object() : body(); }

  QualifiedId me() const { return server.qualified(token->user); }
  Account& account() const { return *server.account(me()); }
  std::string own_domain() const { return server.options.domain; }

  std::string uuid(const char* capture) const { return uuid_in(captures.at(capture)); }
  QualifiedId qualified(const char* domain_capture, const char* id_capture) const;
  ClientNumber client(const char* capture) const;

  std::optional<std::string> parameter(const char* name) const;
  std::optional<ClientNumber> client_parameter(const char* name) const;
};

Reply json_reply(int status, const Json& body, Headers headers = {});
Reply empty_reply(int status);

/// Something changed: in the model, and for the users who are told of it. Without `call` nobody did it.
struct Told {
  QualifiedId user;
  std::optional<ClientNumber> client;  ///< Without it all of the user's clients.
  Json event;
};
struct Happened {
  std::vector<Change> changes = {};
  std::vector<Told> told = {};
  bool transient = false;
};
void happened(Server& server, const Call* call, const Happened& what);

}  // namespace twostep::model::serve
