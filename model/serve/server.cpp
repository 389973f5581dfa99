#include "model/serve/server.hpp"

#include "model/serve/chapters.hpp"

namespace twostep::model::serve {

Server::Server(boost::asio::io_context& io_context, Options chosen)
    : context{io_context},
      options{std::move(chosen)},
      faults{options.faults},
      runner{context, options.domain, options.ids, faults.in_the_model()} {
  runner.connect({.write_frame = [this](const auto& effect) { write_frame(*this, effect); },
                  .close_socket = [this](const auto& effect) { close_socket(*this, effect); },
                  .push = [this](const auto& effect) { push(*this, effect); },
                  .ask_clients = [this](const auto& effect) { ask_clients(*this, effect); },
                  .tell_to_store = [this](const auto& effect) { tell_to_store(*this, effect); },
                  .forward = [this](const auto& effect) { forward(*this, effect); }});
}

Account* Server::account(const QualifiedId& id) {
  if (id.domain != options.domain) return nullptr;
  const auto found = accounts.find(id.id);
  return found == accounts.end() ? nullptr : &found->second;
}

Moment now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

QualifiedId Call::qualified(const char* domain_capture, const char* id_capture) const {
  const auto domain = read_domain(captures.at(domain_capture));
  if (!domain) bad_request("Not a domain");
  return {.domain = *domain, .id = uuid(id_capture)};
}

ClientNumber Call::client(const char* capture) const {
  const auto client = read_client(captures.at(capture));
  if (!client) bad_request("Not a client");
  return *client;
}

std::optional<std::string> Call::parameter(const char* name) const {
  const auto found = request.query.find(name);
  if (found == request.query.end()) return std::nullopt;
  return found->second;
}

std::optional<ClientNumber> Call::client_parameter(const char* name) const {
  const auto text = parameter(name);
  if (!text) return std::nullopt;
  const auto client = read_client(*text);
  if (!client) bad_request("Not a client");
  return client;
}

Reply json_reply(int status, const Json& body, Headers headers) {
  return {.status = status, .body = body.dump(), .headers = std::move(headers)};
}

Reply empty_reply(int status) { return {.status = status}; }

void happened(Server& server, const Call* call, const Happened& what) {
  auto& runner = server.runner;
  Changed changed{.now = runner.now(), .changes = what.changes, .transient = what.transient};
  for (const auto& [user, client, event] : what.told) {
    std::optional<ClientId> of_client;
    if (client) of_client = ClientId{*client};
    changed.notes.push_back({runner.user(user), of_client, runner.payload(event.dump())});
  }
  if (call) {
    changed.actor = runner.user(call->me());
    changed.origin = runner.connection(call->token->connection);
  }
  runner.happen(std::move(changed));
}

}  // namespace twostep::model::serve
