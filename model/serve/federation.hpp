#pragma once

#include "model/serve/server.hpp"
#include "model/serve/session.hpp"

/// Calls by other backends: who calls, and which call reaches which function.
///
/// Source     specs/09-federation.md FED-01, FED-02, FED-05, FED-08, FED-33.
namespace twostep::model::serve {

/// A call, as the function that answers it sees it.
struct Asked {
  Server& server;
  std::string origin;  ///< The caller's domain: never taken from the body.
  Json body;

  QualifiedId of_caller(const char* field) const { return {origin, uuid_in(text_in(body, field))}; }
  QualifiedId own(const std::string& id) const { return server.qualified(id); }
};

class Federation final : public Application {
 public:
  explicit Federation(Server& server) : server_{server} {}

  std::size_t body_bytes_max(const Request& head) const override;
  boost::asio::awaitable<Response> answer(Request request) override;

 private:
  boost::asio::awaitable<Json> answer_or_refuse(const Request& request);

  Server& server_;
};

}  // namespace twostep::model::serve
