#include "conformance/liar/fault.hpp"

#include <atomic>
#include <future>
#include <iterator>
#include <memory>

namespace twostep::conformance::liar {
namespace {

std::string_view next_segment(std::string_view& path) {
  path.remove_prefix(1);
  const auto segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

bool succeeded(const HttpResponse& response) {
  return response.status() >= 200 && response.status() < 300;
}

}  // namespace

bool Route::matches(const HttpRequest& request) const {
  if (request.method() != method) return false;
  const auto whole = request.path();
  std::string_view path = whole;
  std::string_view expected = pattern;
  while (path.starts_with('/') && expected.starts_with('/')) {
    const auto segment = next_segment(path);
    const auto wanted = next_segment(expected);
    if (wanted != "*" && wanted != segment) return false;
  }
  return path.empty() && expected.empty();
}

OnResponse answer_becomes(Route route,
                          std::function<void(const HttpRequest&, HttpResponse&)> change) {
  return [route = std::move(route), change = std::move(change)](const HttpRequest& request,
                                                                HttpResponse& response) {
    if (route.matches(request)) change(request, response);
  };
}

OnResponse status_becomes(Route route, int from, int to) {
  return answer_becomes(std::move(route), [from, to](const HttpRequest&, HttpResponse& response) {
    if (response.status() == from) response.set_status(to);
  });
}

OnResponse label_becomes(Route route, std::string from, std::string to) {
  return answer_becomes(std::move(route), [from, to](const HttpRequest&, HttpResponse& response) {
    auto body = response.json();
    if (!body.is_object() || body.value("label", "") != from) return;
    body["label"] = to;
    response.set_json(body);
  });
}

OnResponse body_becomes(Route route, std::function<void(Json& body)> change) {
  return answer_becomes(std::move(route),
                        [change = std::move(change)](const HttpRequest&, HttpResponse& response) {
                          auto body = response.json();
                          if (!succeeded(response) || body.is_null()) return;
                          change(body);
                          response.set_json(body);
                        });
}

OnRequest request_becomes(Route route, std::function<void(HttpRequest&)> change) {
  return [route = std::move(route),
          change = std::move(change)](HttpRequest& request) -> std::optional<HttpResponse> {
    if (route.matches(request)) change(request);
    return std::nullopt;
  };
}

OnRequest never_forwarded(Route route, HttpResponse made_up) {
  return [route = std::move(route),
          made_up = std::move(made_up)](HttpRequest& request) -> std::optional<HttpResponse> {
    return route.matches(request) ? std::optional{made_up} : std::nullopt;
  };
}

OnRequest refused_if(Asked asked, HttpResponse refusal) {
  return [asked = std::move(asked), refusal = std::move(refusal)](HttpRequest& request) {
    return asked(request) ? std::optional{refusal} : std::nullopt;
  };
}

OnResponse granted_if(Asked asked, int refused_with) {
  return
      [asked = std::move(asked), refused_with](const HttpRequest& request, HttpResponse& response) {
        if (response.status() == refused_with && asked(request)) {
          response = answer(200, Json::object());
        }
      };
}

Fault stops_after(std::string name, std::string clause, Asked asked) {
  const auto stopped = std::make_shared<std::atomic<bool>>(false);
  return {.name = std::move(name),
          .clause = std::move(clause),
          .on_request = refused_if([stopped](const HttpRequest&) { return stopped->load(); },
                                   error(503, "service-unavailable")),
          .on_response = [=](const HttpRequest& request, HttpResponse&) {
            if (asked(request)) *stopped = true;
          }};
}

Fault stops_after_bytes(std::string name, std::string clause,
                        std::function<bool(std::string_view bytes)> hostile) {
  const auto stopped = std::make_shared<std::atomic<bool>>(false);
  return {.name = std::move(name),
          .clause = std::move(clause),
          .on_request = refused_if([stopped](const HttpRequest&) { return stopped->load(); },
                                   error(503, "service-unavailable")),
          .on_raw = [=](std::string& bytes) {
            if (hostile(bytes)) *stopped = true;
            return std::string{};
          }};
}

[[noreturn]] void never_answer() {
  std::promise<void>{}.get_future().wait();
  std::terminate();
}

std::vector<Fault> all_faults() {
  std::vector<Fault> all;
  for (const auto& chapter :
       {send_faults, send_mismatch_faults, older_send_faults, deliver_faults, catch_up_faults,
        time_uuid_faults, account_faults, client_faults, key_faults, connection_faults,
        conversation_faults, member_faults, wire_faults, websocket_faults, robustness_faults,
        border_faults, federation_calls_faults, federation_sends_faults,
        federation_groups_faults}) {
    auto faults = chapter();
    std::move(faults.begin(), faults.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace twostep::conformance::liar
