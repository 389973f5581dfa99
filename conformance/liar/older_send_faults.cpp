#include "conformance/liar/sends.hpp"

// Faults of chapter 1 about the older form of sending.

namespace twostep::conformance::liar {
namespace {

bool is_json(const HttpRequest& request) {
  return request.head.header("Content-Type").value_or("").starts_with("application/json");
}

Json nothing_to_report_in_the_older_form() {
  auto status = nothing_to_report();
  status.erase("failed_to_send");
  return status;
}

/// Answers older sends in one encoding without forwarding them.
OnRequest older_never_forwarded(bool json, HttpResponse made_up) {
  return [=](HttpRequest& request) -> std::optional<HttpResponse> {
    if (!older_sends.matches(request) || is_json(request) != json) return std::nullopt;
    return made_up;
  };
}

/// Answers of older sends in one encoding are as those of qualified ones.
OnResponse answered_as_qualified(bool json) {
  return answer_becomes(older_sends, [json](const HttpRequest& request, HttpResponse& response) {
    auto status = response.json();
    if (is_json(request) != json || !status.is_object() || !status.contains("missing")) return;
    status["failed_to_send"] = Json::object();
    response.set_json(status);
  });
}

OnRequest query_becomes(std::function<void(HttpRequest&)> change) {
  return request_becomes(older_sends, std::move(change));
}

void drop_list(HttpRequest& request) {
  if (is_json(request)) {
    auto body = Json::parse(request.body, nullptr, false);
    body.erase("report_missing");
    request.body = body.dump();
  } else {
    proteus::NewOtrMessage message;
    message.ParsePartialFromString(request.body);
    message.clear_report_missing();
    request.body = message.SerializePartialAsString();
  }
}

bool is_list(const std::string& value) {
  return !value.empty() && value != "true" && value != "false";
}

std::vector<Fault> parameters() {
  return {
      {.name = "without-a-parameter-all-is-ignored",
       .clause = "SND-39",
       .on_request = query_becomes([](HttpRequest& request) {
         if (request.target().find('?') == std::string::npos) {
           request.set_query("ignore_missing", "true");
         }
       })},
      {.name = "parameters-are-not-read",
       .clause = "SND-39",
       .on_request = query_becomes([](HttpRequest& request) {
         request.set_query("ignore_missing", "");
         request.set_query("report_missing", "");
       })},
      {.name = "a-list-in-a-parameter-means-all",
       .clause = "SND-40",
       .on_request = query_becomes([](HttpRequest& request) {
         for (const auto* name : {"ignore_missing", "report_missing"}) {
           if (is_list(request.query(name))) request.set_query(name, "true");
         }
       })},
      {.name = "the-list-in-the-body-is-not-read",
       .clause = "SND-41",
       .on_request = query_becomes(drop_list)},
      {.name = "report-missing-comes-first",
       .clause = "SND-42",
       .on_request = query_becomes([](HttpRequest& request) {
         if (!request.query("report_missing").empty()) request.set_query("ignore_missing", "");
       })},
  };
}

}  // namespace

std::vector<Fault> older_send_faults() {
  const auto made_up = answer(201, nothing_to_report_in_the_older_form());
  std::vector<Fault> faults = {
      {.name = "older-json-is-not-stored",
       .clause = "SND-37",
       .on_request = older_never_forwarded(true, made_up)},
      {.name = "older-json-is-answered-as-qualified",
       .clause = "SND-37",
       .on_response = answered_as_qualified(true)},
      {.name = "older-json-tells-a-stranger-what-exists",
       .clause = "SND-37",
       .on_response = status_becomes(older_sends, 404, 403)},
      {.name = "older-protobuf-is-not-stored",
       .clause = "SND-38",
       .on_request = older_never_forwarded(false, made_up)},
      {.name = "older-protobuf-is-not-read",
       .clause = "SND-38",
       .on_request = older_never_forwarded(false, error(415, "unsupported-media-type"))},
  };
  for (auto& fault : parameters()) faults.push_back(std::move(fault));
  return faults;
}

}  // namespace twostep::conformance::liar
