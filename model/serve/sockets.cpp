// Websockets: the model says which socket gets which frame, and which has to make room for another.

#include "model/serve/chapters.hpp"

namespace twostep::model::serve {
namespace {

constexpr NodeId only_node{0};

bool wants_websocket(const Request& request) {
  return lower(find_header(request.headers, "upgrade").value_or("")) == "websocket";
}

/// A data message is a question, if it is `ping`; anything else is ignored.
void hear(Server& server, const SocketName& name, const std::string& text) {
  const auto socket = server.sockets.find(name);
  if (socket == server.sockets.end()) return;
  if (text == "ping" && !server.faulty(Fault::nobody_answers_ping)) socket->second->send("pong");
  if (text != "ping" && server.faulty(Fault::small_talk_ends_a_socket)) {
    socket->second->close(WebsocketClose::going_away);
  }
}

/// Only if it is still this one: a newer socket may have taken its place.
void forget(Server& server, const SocketName& name, const Websocket* closed) {
  const auto socket = server.sockets.find(name);
  if (socket == server.sockets.end() || socket->second.get() != closed) return;
  server.sockets.erase(socket);
  server.runner.happen(SocketClosed{name.first, name.second});
}

std::shared_ptr<Websocket> new_socket(Server& server, const SocketName& name) {
  const auto self = std::make_shared<const Websocket*>(nullptr);
  auto socket =
      make_websocket({.on_message = [&server, name](const auto& text) { hear(server, name, text); },
                      .on_closed = [&server, name, self] { forget(server, name, *self); }});
  *self = socket.get();
  return socket;
}

}  // namespace

/// The socket is known before the handshake is answered, so that nothing falls between it and a catch-up
/// (DLV-12).
Response open_socket(Call& call) {
  auto& server = call.server;
  if (!wants_websocket(call.request)) bad_request("An upgrade is needed");
  const auto client = call.client_parameter("client");
  const SocketName name{server.runner.user(call.me()),
                        server.runner.connection(call.token->connection)};
  Socket opened{name.first, name.second, {}, only_node};
  if (client && !call.faulty(Fault::sockets_get_what_is_for_others))
    opened.client = ClientId{*client};
  server.runner.happen(SocketOpened{opened});
  const auto socket = server.sockets[name] = new_socket(server, name);
  return {.takeover = [socket](Tcp::socket connection, std::string received) {
    socket->start(std::move(connection), std::move(received));
  }};
}

void write_frame(Server& server, const WriteFrame& effect) {
  const auto found = server.sockets.find({effect.user, effect.connection});
  if (found == server.sockets.end()) return;
  auto frame = json_of(server, effect.user, effect.notification);
  frame["transient"] = effect.transient;
  if (server.faulty(Fault::frames_have_ids_of_their_own))
    frame["id"] = uuid_of({server.runner.now(), 1, 1});
  if (server.faulty(Fault::frames_have_an_empty_payload)) frame["payload"] = Json::array();
  const auto socket = found->second;
  socket->send(frame.dump());
  if (server.faulty(Fault::every_frame_comes_twice)) socket->send(frame.dump());
}

void close_socket(Server& server, const CloseSocket& effect) {
  const auto found = server.sockets.find({effect.user, effect.connection});
  if (found == server.sockets.end()) return;
  const auto socket = found->second;
  server.sockets.erase(found);
  socket->close(WebsocketClose::replaced);
}

}  // namespace twostep::model::serve
