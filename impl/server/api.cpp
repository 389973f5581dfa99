#include "impl/server/api.hpp"

#include <algorithm>
#include <boost/core/demangle.hpp>
#include <charconv>
#include <exception>
#include <random>
#include <typeinfo>

#include "impl/server/limits.hpp"
#include "impl/wire/gzip.hpp"
#include "impl/wire/labels.hpp"

namespace twostep::server {
namespace {

constexpr std::string_view no_route = "none";

bool equal_in_any_case(std::string_view left, std::string_view right) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

// It goes into logs and back into a header: what else is in it is not ours to find out.
bool is_sane(std::string_view request_id) {
  return !request_id.empty() && request_id.size() <= limits::request_id_chars_max &&
         std::all_of(request_id.begin(), request_id.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_' || c == '.';
         });
}

std::size_t bytes_max(BodyLimit limit) {
  switch (limit) {
    case BodyLimit::ordinary:
      return twostep::limits::body_bytes_max;
    case BodyLimit::message:
      return twostep::limits::message_body_bytes_max;
  }
  return 0;
}

std::uint64_t random_number() {
  std::random_device device;
  return std::uniform_int_distribution<std::uint64_t>{}(device);
}

// A status that the strict reader of heads answers with, and which no reason stands for.
std::string_view label_of_status(int status) {
  switch (status) {
    case 414:
      return "uri-too-long";
    case 417:
      return "expectation-failed";
    case 431:
      return "header-too-large";
    case 501:
      return "not-implemented";
    case 505:
      return "http-version-not-supported";
    default:
      return "bad-request";
  }
}

}  // namespace

std::optional<std::string_view> access_token(const Request& request) {
  constexpr std::string_view scheme = "Bearer ";
  const auto header = request.header("authorization");
  if (!header) return request.parameter("access_token");
  if (!equal_in_any_case(header->substr(0, scheme.size()), scheme)) return std::nullopt;
  return header->substr(scheme.size());
}

Response response_of(const Refusal& refusal) {
  Response response{.status = wire::label_of(refusal.reason).status,
                    .body = wire::error_body(refusal)};
  if (response.status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  if (response.status == 503) response.headers.emplace_back("Retry-After", "1");
  return response;
}

Api::Api(Routes routes, Authenticate authenticate, Metrics& metrics, Log& log)
    : router_{std::move(routes)},
      authenticate_{std::move(authenticate)},
      metrics_{metrics},
      log_{log},
      first_request_{random_number()} {}

Admission Api::admit(std::string method, std::string_view target,
                     std::vector<std::pair<std::string, std::string>> headers) {
  Admission admission;
  auto& request = admission.request;
  request.method = std::move(method);
  request.headers = std::move(headers);
  request.request_id = request_id(request);

  auto read = read_target(target);
  if (!read) {
    admission.response = response_of(read.error());
    return admission;
  }
  auto match = router_.find(request.method, read->segments);
  if (!match.route) {
    admission.response =
        response_of({match.allow.empty() ? Reason::no_endpoint : Reason::method_not_allowed});
    if (!match.allow.empty()) admission.response.headers.emplace_back("Allow", match.allow);
    return admission;
  }
  request.version = read->version;
  request.path = read->path();
  request.query = std::move(read->query);
  request.captures = std::move(match.captures);

  if (const auto token = access_token(request)) request.caller = authenticate_(*token);
  if (match.route->access == Access::token && !request.caller) {
    admission.response = response_of({Reason::unauthorized});
    return admission;
  }
  admission.route = match.route;
  admission.body_bytes_max = bytes_max(match.route->body_limit);
  return admission;
}

Admission Api::turn_away(int status, std::string_view why) {
  Admission admission;
  admission.request.request_id = request_id(admission.request);
  admission.response.status = status;
  admission.response.body = wire::error_body(wire::Label{status, label_of_status(status), why});
  return admission;
}

boost::asio::awaitable<void> Api::answer(Admission& admission, std::string body) {
  auto& request = admission.request;
  auto decoded = wire::decoded_body(
      std::move(body), request.header("content-encoding").value_or(""), admission.body_bytes_max);
  if (!decoded) {
    admission.response = response_of(decoded.error());
    co_return;
  }
  request.body = std::move(*decoded);

  std::string type = "not an exception class";
  try {
    auto answered = co_await admission.route->handler(request);
    admission.response = answered ? std::move(*answered) : response_of(answered.error());
    co_return;
  } catch (const std::exception& error) {
    type = boost::core::demangle(typeid(error).name());
  } catch (...) {
    // It is said below.
  }
  log_.write(LogLevel::error, "handler-failed",
             {{"request_id", request.request_id},
              {"route", admission.route->pattern},
              {"exception", type}});
  admission.response = response_of({Reason::internal});
}

void Api::note(Admission& admission, std::chrono::nanoseconds took) {
  const auto& request = admission.request;
  auto& response = admission.response;
  response.headers.emplace_back("Request-Id", request.request_id);
  // A method or path without a route is whatever the client made up: it must not make a new series.
  const std::string_view method = admission.route ? std::string_view{request.method} : no_route;
  const std::string_view pattern = admission.route ? admission.route->pattern : no_route;
  metrics_.answered(method, pattern, response.status, took);
  const auto user = request.caller ? request.caller->user.text() : std::string{};
  log_.write(response.status < 500 ? LogLevel::info : LogLevel::warning, "request",
             {{"request_id", request.request_id},
              {"method", method},
              {"route", pattern},
              {"status", response.status},
              {"micros", std::chrono::duration_cast<std::chrono::microseconds>(took).count()},
              {"user", user}});
}

std::string Api::request_id(const Request& request) {
  if (const auto given = request.header("request-id"); given && is_sane(*given)) {
    return std::string{*given};
  }
  char digits[16];
  const auto number = first_request_ + requests_.fetch_add(1, std::memory_order_relaxed);
  const auto end = std::to_chars(std::begin(digits), std::end(digits), number, 16).ptr;
  return {digits, end};
}

}  // namespace twostep::server
