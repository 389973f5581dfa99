#include <algorithm>
#include <cctype>
#include <mutex>

#include "conformance/liar/sends.hpp"

// Faults of chapter 7: versions, errors, formats, and calls of the push gateway. Those of its
// websockets are in websocket_faults.cpp.

namespace twostep::conformance::liar {
namespace {

const Route versions{"GET", "/api-version"};
const Route self{"GET", "/self"};
const Route await{"GET", "/await"};

/// Changes every error body.
OnResponse errors_become(std::function<void(Json&)> change) {
  return [change = std::move(change)](const HttpRequest&, HttpResponse& response) {
    auto body = response.json();
    if (response.status() < 400 || !body.contains("label")) return;
    change(body);
    response.set_json(body);
  };
}

/// Changes every event of every page.
OnResponse events_become(std::function<void(Json&)> change) {
  return page_becomes([change = std::move(change)](const HttpRequest&, Json& page) {
    for (auto& notification : page) {
      for (auto& event : notification["payload"]) change(event);
    }
  });
}

OnRequest push_becomes(std::function<void(Json&)> change) {
  return [change = std::move(change)](HttpRequest& request) -> std::optional<HttpResponse> {
    auto body = Json::parse(request.body, nullptr, false);
    if (body.is_object()) {
      change(body);
      request.body = body.dump();
    }
    return std::nullopt;
  };
}

std::string upper(std::string text) {
  for (auto& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

bool is_plain_client(const std::string& id) {
  return id == "" || (id[0] != '0' && id != upper(id));
}

std::string last_segment(const HttpRequest& request) {
  const auto path = request.path();
  return path.substr(path.rfind('/') + 1);
}

std::string content_type(const HttpRequest& request) {
  return request.head.header("Content-Type").value_or("");
}

bool about_versions(const HttpRequest& request) {
  return versions.matches(request) || request.target().starts_with("/v4711/");
}

void flatten(Json& event) {
  auto& id = event["qualified_conversation"];
  if (id.is_object()) id = id.value("id", "") + "@" + id.value("domain", "");
}

void without_padding(Json& event) {
  if (!event.contains("data") || !event["data"].contains("text")) return;
  auto text = event["data"].value("text", "");
  std::erase(text, '=');
  event["data"]["text"] = text;
}

/// "2021-05-12T10:52:02.671Z" without its decimals.
void whole_seconds(Json& time) {
  if (time.is_string()) time = time.get<std::string>().substr(0, 19) + "Z";
}

/// Gives each answer about versions to the request after it.
Fault answers_lag_behind() {
  const auto previous = std::make_shared<HttpResponse>(error(404, "unsupported-version"));
  const auto mutex = std::make_shared<std::mutex>();
  return {.name = "answers-lag-behind",
          .clause = "WIR-12",
          .on_response = [=](const HttpRequest& request, HttpResponse& response) {
            const std::lock_guard lock{*mutex};
            if (about_versions(request)) std::swap(response, *previous);
          }};
}

std::vector<Fault> version_faults() {
  return {
      {.name = "development-repeats-supported",
       .clause = "WIR-01",
       .on_response =
           body_becomes(versions, [](Json& body) { body["development"] = body["supported"]; })},
      {.name = "domain-of-somebody-else",
       .clause = "WIR-01",
       .on_response = body_becomes(versions, [](Json& body) { body["domain"] = "b.example"; })},
      {.name = "api-version-has-no-prefix",
       .clause = "WIR-01",
       .on_request = refused_if(
           [](const HttpRequest& request) {
             return versions.matches(request) && request.target() != request.path();
           },
           error(404, "no-endpoint"))},
      {.name = "prefix-leads-nowhere",
       .clause = "WIR-02",
       .on_request = refused_if(
           [](const HttpRequest& request) { return request.target().starts_with("/v9/self"); },
           error(404, "no-endpoint"))},
      {.name = "await-needs-a-prefix",
       .clause = "WIR-02",
       .on_request = never_forwarded(await, error(404, "no-endpoint"))},
      {.name = "any-version-is-served",
       .clause = "WIR-03",
       .on_request =
           request_becomes(self, [](HttpRequest& request) { request.set_target(request.path()); })},
      {.name = "unknown-path-is-empty",
       .clause = "WIR-04",
       .on_response = granted_if([](const HttpRequest&) { return true; }, 404)},
      {.name = "any-method-will-do",
       .clause = "WIR-04",
       .on_response =
           granted_if([](const HttpRequest& request) { return request.method() != "GET"; }, 405)},
  };
}

std::vector<Fault> error_faults() {
  return {
      {.name = "error-with-another-code",
       .clause = "WIR-05",
       .on_response = errors_become([](Json& body) { body["code"] = 500; })},
      {.name = "error-without-a-label",
       .clause = "WIR-05",
       .on_response = errors_become([](Json& body) { body.erase("label"); })},
      {.name = "error-with-an-empty-message",
       .clause = "WIR-05",
       .on_response = errors_become([](Json& body) { body["message"] = ""; })},
      {.name = "mismatch-looks-like-an-error",
       .clause = "WIR-06",
       .on_response =
           sending_status_becomes([](const HttpRequest&, HttpResponse& response, Json& status) {
             if (response.status() == 412) {
               status.update({{"code", 412}, {"label", "mismatch"}, {"message", "a lie"}});
             }
           })},
      {.name = "bad-request-has-another-label",
       .clause = "WIR-07",
       .on_response = errors_become([](Json& body) {
         if (body["label"] == "bad-request") body["label"] = "client-error";
       })},
      {.name = "unreadable-client-is-left-out",
       .clause = "WIR-08",
       .on_request =
           [](HttpRequest& request) {
             const auto client = request.query("client");
             if (client.find_first_not_of("0123456789abcdefABCDEF") != client.npos) {
               request.set_query("client", "");
             }
             return std::optional<HttpResponse>{};
           }},
      {.name = "any-segment-is-an-id",
       .clause = "WIR-08",
       .on_response = granted_if(
           [](const HttpRequest& request) { return last_segment(request) == "no-uuid"; }, 400)},
      {.name = "content-type-does-not-matter",
       .clause = "WIR-09",
       .on_request = request_becomes(sends,
                                     [](HttpRequest& request) {
                                       request.head.set_header("Content-Type",
                                                               "application/x-protobuf");
                                     })},
  };
}

std::vector<Fault> request_faults() {
  return {
      {.name = "compressed-is-read-as-it-is",
       .clause = "WIR-10",
       .on_request =
           [](HttpRequest& request) {
             request.head.remove_header("Content-Encoding");
             return std::optional<HttpResponse>{};
           }},
      {.name = "content-type-needs-a-body",
       .clause = "WIR-11",
       .on_request = refused_if(
           [](const HttpRequest& request) {
             return request.body.empty() && !content_type(request).empty();
           },
           error(415, "unsupported-media-type"))},
      {.name = "post-needs-a-length",
       .clause = "WIR-11",
       .on_request = refused_if(
           [](const HttpRequest& request) {
             return request.method() == "POST" && !request.head.header("Content-Length");
           },
           error(411, "bad-request"))},
      {.name = "content-type-has-no-parameters",
       .clause = "WIR-11",
       .on_request = refused_if(
           [](const HttpRequest& request) {
             return content_type(request).find(';') != std::string::npos;
           },
           error(415, "unsupported-media-type"))},
      {.name = "refusal-ends-the-connection",
       .clause = "WIR-12",
       .on_response =
           [](const HttpRequest&, HttpResponse& response) {
             if (response.status() >= 400) response.head.set_header("Connection", "close");
           }},
      answers_lag_behind(),
      {.name = "client-id-is-compared-as-text",
       .clause = "WIR-15",
       .on_request = refused_if(
           [](const HttpRequest& request) {
             return !is_plain_client(request.query("client")) ||
                    (Route{"GET", "/clients/*"}.matches(request) &&
                     !is_plain_client(last_segment(request)));
           },
           error(404, "client-not-found"))},
      {.name = "unknown-member-is-refused",
       .clause = "WIR-16",
       .on_request = refused_if(
           [](const HttpRequest& request) {
             return request.body.find("from_the_future") != std::string::npos;
           },
           error(400, "bad-request"))},
      {.name = "unknown-field-is-refused",
       .clause = "WIR-16",
       .on_request = refused_if(
           [](const HttpRequest& request) {
             return sends.matches(request) && request.body.ends_with("future");
           },
           error(400, "bad-request"))},
  };
}

std::vector<Fault> format_faults() {
  return {
      {.name = "conversation-ids-in-upper-case",
       .clause = "WIR-13",
       .on_response = events_become([](Json& event) {
         if (event.contains("conversation")) {
           event["conversation"] = upper(event.value("conversation", ""));
         }
       })},
      {.name = "qualified-ids-are-texts",
       .clause = "WIR-13",
       .on_response = events_become(flatten)},
      {.name = "base64-without-padding",
       .clause = "WIR-13",
       .on_response = events_become(without_padding)},
      {.name = "events-of-whole-seconds",
       .clause = "WIR-14",
       .on_response = events_become([](Json& event) { whole_seconds(event["time"]); })},
      {.name = "sending-status-of-whole-seconds",
       .clause = "WIR-14",
       .on_response = sending_status_becomes(
           [](const HttpRequest&, HttpResponse&, Json& status) { whole_seconds(status["time"]); })},
  };
}

std::vector<Fault> push_gateway_faults() {
  return {
      {.name = "push-of-urgent-priority",
       .clause = "WIR-24",
       .on_push = push_becomes([](Json& body) { body["priority"] = "urgent"; })},
      {.name = "push-for-nobody", .clause = "WIR-24", .on_push = push_becomes([](Json& body) {
                                                        body["payload"].erase("user");
                                                      })},
      {.name = "push-of-another-app", .clause = "WIR-24", .on_push = push_becomes([](Json& body) {
                                                            body["app"] = "com.example";
                                                          })},
  };
}

}  // namespace

std::vector<Fault> wire_faults() {
  std::vector<Fault> all;
  for (const auto& group :
       {version_faults, error_faults, request_faults, format_faults, push_gateway_faults}) {
    auto faults = group();
    std::move(faults.begin(), faults.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace twostep::conformance::liar
