#pragma once

#include "model/serve/server.hpp"
#include "model/serve/session.hpp"

/// Which request reaches which endpoint: versions, paths, methods, tokens, compressed bodies, and errors.
///
/// Source     specs/07-wire.md WIR-01..WIR-11; specs/05-accounts-and-devices.md ACC-17, ACC-18.
namespace twostep::model::serve {

class Routes final : public Application {
 public:
  explicit Routes(Server& server) : server_{server} {}

  std::size_t body_bytes_max(const Request& head) const override;
  boost::asio::awaitable<Response> answer(Request request) override;

 private:
  boost::asio::awaitable<Response> answer_or_refuse(Request request);

  Server& server_;
};

}  // namespace twostep::model::serve
