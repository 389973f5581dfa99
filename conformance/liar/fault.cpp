#include "conformance/liar/fault.hpp"

#include <iterator>

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

std::vector<Fault> all_faults() {
  std::vector<Fault> all;
  for (const auto& chapter :
       {send_faults, send_mismatch_faults, older_send_faults, deliver_faults, catch_up_faults,
        time_uuid_faults, account_faults, client_faults, key_faults, connection_faults,
        conversation_faults, member_faults, wire_faults, robustness_faults}) {
    auto faults = chapter();
    std::move(faults.begin(), faults.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace twostep::conformance::liar
