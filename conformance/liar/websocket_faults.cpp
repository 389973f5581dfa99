#include "conformance/liar/fault.hpp"

// Faults of chapter 7 about the websocket as a protocol.

namespace twostep::conformance::liar {
namespace {

const Route await{"GET", "/await"};

constexpr unsigned text = 1;
constexpr unsigned binary = 2;
constexpr unsigned close = 8;
constexpr unsigned ping = 9;

unsigned opcode_of(const std::string& bytes) {
  return bytes.empty() ? 0 : static_cast<unsigned char>(bytes[0]) & 0x0fu;
}

/// Refuses handshakes with this header.
OnRequest refused_with(std::string header, int status) {
  return [header = std::move(header), status](HttpRequest& request) -> std::optional<HttpResponse> {
    if (!await.matches(request) || !request.head.header(header)) return std::nullopt;
    return error(status, "unauthorized");
  };
}

/// Does not hear frames of this kind.
OnSocketBytes deaf_to(unsigned opcode) {
  return [opcode](std::string bytes) {
    return std::optional{opcode_of(bytes) == opcode ? std::string{} : bytes};
  };
}

std::optional<std::string> end_at_other_data(std::string bytes) {
  constexpr unsigned char length_of_ping = 4;
  const bool is_data = opcode_of(bytes) == text || opcode_of(bytes) == binary;
  if (is_data && (static_cast<unsigned char>(bytes[1]) & 0x7fu) != length_of_ping) {
    return std::nullopt;
  }
  return bytes;
}

/// Changes every notification on a socket.
OnFrame notifications_become(std::function<void(Json&)> change) {
  return [change = std::move(change)](const HttpRequest&, std::string frame) {
    auto json = Json::parse(frame, nullptr, false);
    if (!json.is_object()) return std::vector{frame};
    change(json);
    return std::vector{json.dump()};
  };
}

}  // namespace

std::vector<Fault> websocket_faults() {
  return {
      {.name = "token-in-the-header-opens-no-socket",
       .clause = "WIR-17",
       .on_request = refused_with("Authorization", 401)},
      {.name = "token-in-the-query-opens-no-socket",
       .clause = "WIR-17",
       .on_request = [](HttpRequest& request) -> std::optional<HttpResponse> {
         if (request.query("access_token").empty()) return std::nullopt;
         return error(401, "unauthorized");
       }},
      {.name = "unknown-extensions-are-refused",
       .clause = "WIR-17",
       .on_request = refused_with("Sec-WebSocket-Extensions", 400)},
      {.name = "no-socket-for-nobody-is-403",
       .clause = "WIR-18",
       .on_response = status_becomes(await, 401, 403)},
      {.name = "await-without-upgrade-is-200",
       .clause = "WIR-18",
       .on_response = status_becomes(await, 400, 200)},
      {.name = "frames-that-are-no-json",
       .clause = "WIR-19",
       .on_frame =
           [](const HttpRequest&, std::string frame) {
             return std::vector<std::string>{"hello", frame};
           }},
      {.name = "frames-without-an-id",
       .clause = "WIR-19",
       .on_frame = notifications_become([](Json& json) { json.erase("id"); })},
      {.name = "frames-with-transient-in-words",
       .clause = "WIR-19",
       .on_frame = notifications_become([](Json& json) { json["transient"] = "no"; })},
      {.name = "deaf-to-a-text-ping", .clause = "WIR-20", .on_socket_bytes = deaf_to(text)},
      {.name = "deaf-to-a-binary-ping", .clause = "WIR-20", .on_socket_bytes = deaf_to(binary)},
      {.name = "deaf-to-a-control-ping", .clause = "WIR-21", .on_socket_bytes = deaf_to(ping)},
      {.name = "other-data-ends-the-socket",
       .clause = "WIR-22",
       .on_socket_bytes = end_at_other_data},
      {.name = "deaf-to-a-close", .clause = "WIR-23", .on_socket_bytes = deaf_to(close)},
      {.name = "close-without-a-frame",
       .clause = "WIR-23",
       .on_socket_bytes = [](std::string bytes) -> std::optional<std::string> {
         if (opcode_of(bytes) == close) return std::nullopt;
         return bytes;
       }},
  };
}

}  // namespace twostep::conformance::liar
