#include <algorithm>
#include <atomic>
#include <memory>

#include "conformance/liar/sends.hpp"

// Faults of chapter 8: hostile input, slow and many clients, restarts. Those about secrets and other
// users' things are in border_faults.cpp.

namespace twostep::conformance::liar {
namespace {

using Message = proteus::QualifiedNewOtrMessage;

constexpr std::size_t large = 100 * 1024;
const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

bool contains(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

/// Says something of its own to bytes like these.
OnRaw says(std::string part, std::string answer) {
  return [part = std::move(part), answer = std::move(answer)](std::string& bytes) {
    return contains(bytes, part) ? answer : std::string{};
  };
}

/// Takes bytes like these, however many there are.
OnRaw takes_all(std::string part) {
  return [part = std::move(part)](std::string& bytes) {
    if (contains(bytes, part)) bytes.clear();
    return std::string{};
  };
}

/// Believes that what has come is all there is.
std::string shorten_the_length(std::string& bytes) {
  const std::string name = "Content-Length: ";
  const auto at = bytes.find(name);
  const auto body = bytes.find("\r\n\r\n");
  if (at == bytes.npos || body == bytes.npos) return {};
  const auto value = at + name.size();
  bytes.replace(value, bytes.find("\r\n", value) - value, std::to_string(bytes.size() - body - 4));
  return {};
}

void cut_large_ciphertexts(Message& message) {
  for (auto& domain : *message.mutable_recipients()) {
    for (auto& user : *domain.mutable_entries()) {
      for (auto& client : *user.mutable_clients()) {
        if (client.text().size() > large) client.mutable_text()->resize(large);
      }
    }
  }
}

/// Reads what was encoded twice as if it had been encoded once.
std::optional<HttpResponse> decode_twice(HttpRequest& request) {
  auto target = request.target();
  for (auto at = target.find("%25"); at != target.npos; at = target.find("%25")) {
    target.erase(at + 1, 2);
  }
  request.set_target(target);
  return std::nullopt;
}

std::optional<HttpResponse> without_braces(HttpRequest& request) {
  auto target = request.target();
  for (const std::string brace : {"%7B", "%7D"}) {
    if (const auto at = target.find(brace); at != target.npos) target.erase(at, brace.size());
  }
  request.set_target(target);
  return std::nullopt;
}

bool is_hostile_json(const HttpRequest& request) { return request.body.starts_with("[["); }

bool is_large_and_compressed(const HttpRequest& request) {
  return request.head.header("Content-Encoding") && request.body.size() > large;
}

bool is_large_send(const HttpRequest& request) {
  return sends.matches(request) && request.body.size() > large;
}

OnResponse text_becomes(Route route, std::string member) {
  return body_becomes(std::move(route), [member = std::move(member)](Json& body) {
    if (body.contains(member)) body[member] = "?";
  });
}

/// Whether this was asked so often.
Asked often(Route route, int times) {
  const auto count = std::make_shared<std::atomic<int>>(0);
  return [=](const HttpRequest& request) { return route.matches(request) && ++*count >= times; };
}

std::vector<Fault> request_faults() {
  return {
      {.name = "broken-request-is-answered-twice",
       .clause = "ROB-01",
       .on_raw = says("GET /api-version", ok + ok)},
      {.name = "broken-request-is-accepted", .clause = "ROB-01", .on_raw = says("POST /login", ok)},
      {.name = "any-head-is-accepted", .clause = "ROB-02", .on_raw = says("GET /", ok)},
      stops_after_bytes("large-head-stops-it", "ROB-02",
                        [](std::string_view bytes) { return bytes.size() > 1'000; }),
      {.name = "eight-kibibytes-are-too-large",
       .clause = "ROB-02",
       .on_request = refused_if(
           [](const HttpRequest& request) {
             return request.head.header("X-Padding").value_or("").size() > 4'096;
           },
           error(431, "bad-request"))},
      {.name = "waits-for-the-declared-body",
       .clause = "ROB-03",
       .on_raw = [](std::string&) -> std::string { never_answer(); }},
      stops_after_bytes("declared-body-stops-it", "ROB-03",
                        [](std::string_view bytes) { return contains(bytes, "10737418240"); }),
      {.name = "chunk-extensions-are-taken", .clause = "ROB-10", .on_raw = takes_all("xxxxxxxx")},
      {.name = "trailers-are-taken", .clause = "ROB-10", .on_raw = takes_all("X-Trailer")},
      stops_after_bytes(
          "chunks-stop-it", "ROB-10",
          [](std::string_view bytes) { return contains(bytes, "Transfer-Encoding: chunked"); }),
      {.name = "paths-are-decoded-twice", .clause = "ROB-14", .on_request = decode_twice},
      {.name = "half-a-body-is-enough", .clause = "ROB-15", .on_raw = shorten_the_length},
  };
}

std::vector<Fault> body_faults() {
  return {
      {.name = "large-ciphertexts-are-cut",
       .clause = "ROB-04",
       .on_request = message_becomes(cut_large_ciphertexts)},
      {.name = "large-json-is-refused",
       .clause = "ROB-04",
       .on_request =
           refused_if([](const HttpRequest& request) { return request.body.size() > 2 * large; },
                      error(413, "payload-too-large"))},
      {.name = "hostile-json-is-accepted",
       .clause = "ROB-05",
       .on_response = granted_if(is_hostile_json, 400)},
      stops_after("hostile-json-stops-it", "ROB-05", is_hostile_json),
      {.name = "broken-message-is-accepted",
       .clause = "ROB-06",
       .on_response = status_becomes(sends, 400, 201)},
      stops_after("nested-message-stops-it", "ROB-06", is_large_send),
      {.name = "ids-may-have-braces", .clause = "ROB-07", .on_request = without_braces},
      {.name = "broken-base64-is-a-server-error",
       .clause = "ROB-08",
       .on_response = status_becomes(older_sends, 400, 500)},
      {.name = "broken-compression-is-accepted",
       .clause = "ROB-09",
       .on_response = granted_if(
           [](const HttpRequest& request) {
             return request.head.header("Content-Encoding").has_value();
           },
           400)},
      stops_after("bomb-stops-it", "ROB-09", is_large_and_compressed),
      {.name = "thousands-are-too-many",
       .clause = "ROB-12",
       .on_request = refused_if(is_large_send, error(500, "server-error"))},
      {.name = "names-of-conversations-are-replaced",
       .clause = "ROB-13",
       .on_response = text_becomes({"POST", "/conversations"}, "name")},
      {.name = "labels-of-clients-are-replaced",
       .clause = "ROB-13",
       .on_response = text_becomes({"GET", "/clients/*"}, "label")},
      {.name = "names-of-users-are-replaced",
       .clause = "ROB-13",
       .on_response = text_becomes({"GET", "/self"}, "name")},
  };
}

/// Hears nothing but a data ping.
std::optional<std::string> only_pings(std::string bytes) {
  constexpr std::size_t ping_bytes = 10;
  return bytes.size() == ping_bytes ? bytes : std::string{};
}

/// One who breaks the protocol takes the frames from everybody.
Fault broken_frame_silences_all() {
  const auto silent = std::make_shared<std::atomic<bool>>(false);
  return {.name = "broken-frame-silences-all",
          .clause = "ROB-11",
          .on_frame =
              [silent](const HttpRequest&, std::string frame) {
                const bool dropped = *silent && frame != "pong";
                return dropped ? std::vector<std::string>{} : std::vector{frame};
              },
          .on_socket_bytes =
              [silent](std::string bytes) {
                if (!bytes.empty() && only_pings(bytes)->empty()) *silent = true;
                return std::optional{bytes};
              }};
}

/// After a large frame on one socket there are no small ones on others.
Fault stalled_socket_stalls_all() {
  const auto stalled = std::make_shared<std::atomic<bool>>(false);
  return {.name = "stalled-socket-stalls-all",
          .clause = "ROB-18",
          .on_frame = [stalled](const HttpRequest&, std::string frame) {
            if (frame.size() > large) *stalled = true;
            const bool dropped = *stalled && frame.size() <= large;
            return dropped ? std::vector<std::string>{} : std::vector{frame};
          }};
}

Fault flood_stops_it() {
  constexpr std::size_t flood_bytes = 1'000;
  const auto stopped = std::make_shared<std::atomic<bool>>(false);
  return {.name = "flood-stops-it",
          .clause = "ROB-20",
          .on_request = refused_if([stopped](const HttpRequest&) { return stopped->load(); },
                                   error(503, "service-unavailable")),
          .on_socket_bytes = [stopped](std::string bytes) {
            if (bytes.size() > flood_bytes) *stopped = true;
            return std::optional{bytes};
          }};
}

std::vector<Fault> slow_and_many_faults() {
  return {
      {.name = "deaf-to-broken-frames", .clause = "ROB-11", .on_socket_bytes = only_pings},
      broken_frame_silences_all(),
      {.name = "a-hundred-connections-fill-it", .clause = "ROB-16", .connections_max = 100},
      {.name = "waits-for-a-request-for-ever", .clause = "ROB-17", .waits_for_requests = true},
      stalled_socket_stalls_all(),
      {.name = "what-is-not-read-is-lost",
       .clause = "ROB-18",
       .on_response = page_becomes([](const HttpRequest&, Json& page) {
         page.erase(std::remove_if(page.begin(), page.end(),
                                   [](const Json& each) { return each.dump().size() > large; }),
                    page.end());
       })},
      flood_stops_it(),
      stops_after("failing-logins-stop-it", "ROB-20", often({"POST", "/login"}, 10)),
  };
}

/// Hands out the first prekey again.
Fault claims_are_forgotten() {
  const auto first = std::make_shared<std::atomic<bool>>(true);
  const auto claim = std::make_shared<std::string>();
  return {.name = "claims-are-forgotten",
          .clause = "ROB-27",
          .on_response = answer_becomes({"POST", "/users/list-prekeys"},
                                        [=](const HttpRequest&, HttpResponse& response) {
                                          if (first->exchange(false)) *claim = response.body;
                                          response.body = *claim;
                                        })};
}

std::vector<Fault> restart_faults() {
  return {
      stops_after("load-stops-it", "ROB-26", often(sends, 5)),
      claims_are_forgotten(),
      {.name = "push-tokens-are-not-kept",
       .clause = "ROB-27",
       .on_request = never_forwarded({"POST", "/push/tokens"}, answer(201, Json::object()))},
      {.name = "serving-is-not-ready",
       .clause = "ROB-29",
       .on_response = status_becomes({"GET", "/i/ready"}, 200, 503)},
  };
}

}  // namespace

std::vector<Fault> robustness_faults() {
  std::vector<Fault> all;
  for (const auto& group : {request_faults, body_faults, slow_and_many_faults, restart_faults}) {
    auto faults = group();
    std::move(faults.begin(), faults.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace twostep::conformance::liar
