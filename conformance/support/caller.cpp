#include "conformance/support/caller.hpp"

#include <algorithm>
#include <sstream>

#include "conformance/support/context.hpp"
#include "conformance/support/outcome.hpp"

namespace twostep::conformance {
namespace {

bool is_unversioned(const std::string& path) {
  return path.starts_with("/access") || path.starts_with("/await") ||
         path.starts_with("/api-version") || path.starts_with("/i/");
}

}  // namespace

struct Caller::State {
  std::string name;
  std::string token;
  HttpClient http;
};

Caller::Caller(std::string name, std::string token)
    : state_(std::make_shared<State>(
          State{name, std::move(token), HttpClient{name, context().target.http}})) {}

const std::string& Caller::name() const { return state_->name; }
const std::string& Caller::token() const { return state_->token; }

Reply Caller::get(const std::string& path, const RequestOptions& options) const {
  auto without_body = options;
  without_body.content_type.clear();
  return request("GET", path, {}, without_body);
}

Reply Caller::post(const std::string& path, const Json& body, const RequestOptions& options) const {
  return request("POST", path, body.dump(), options);
}

Reply Caller::post(const std::string& path) const {
  return request("POST", path, {}, {.content_type = ""});
}

Reply Caller::put(const std::string& path, const Json& body, const RequestOptions& options) const {
  return request("PUT", path, body.dump(), options);
}

Reply Caller::del(const std::string& path, const RequestOptions& options) const {
  auto without_body = options;
  without_body.content_type.clear();
  return request("DELETE", path, {}, without_body);
}

Reply Caller::del_with(const std::string& path, const Json& body,
                       const RequestOptions& options) const {
  return request("DELETE", path, body.dump(), options);
}

Reply Caller::request(const std::string& method, const std::string& path, const std::string& body,
                      const RequestOptions& options) const {
  Request request{.method = method, .path = path, .body = body, .headers = options.headers};
  if (options.versioned && !is_unversioned(path)) {
    request.path = "/v" + std::to_string(context().target.api_version) + path;
  }
  if (!options.content_type.empty()) {
    request.headers.push_back({"Content-Type", options.content_type});
  }
  if (options.authorized && !token().empty()) {
    request.headers.push_back({"Authorization", "Bearer " + token()});
  }
  return state_->http.send(request);
}

void require_setup(const Reply& reply, std::initializer_list<int> statuses,
                   const std::string& step) {
  if (std::ranges::find(statuses, reply.status) != statuses.end()) return;
  std::ostringstream seen;
  PrintTo(reply, &seen);
  throw SetupFailed(step + ": " + seen.str());
}

}  // namespace twostep::conformance
