#include "conformance/liar/ledger.hpp"

namespace twostep::conformance::liar {
namespace {

/// The access token of a request, in the header or in the query.
std::string token_of(const HttpRequest& request) {
  constexpr std::string_view bearer = "Bearer ";
  const auto header = request.head.header("Authorization").value_or("");
  return header.starts_with(bearer) ? header.substr(bearer.size()) : request.query("access_token");
}

}  // namespace

void Ledger::hear(const HttpRequest& request, const HttpResponse& response) {
  const auto path = request.path();
  if (request.method() != "POST" || response.status() / 100 != 2) return;
  const auto body = response.json();
  if (!body.is_object()) return;
  if (path == "/login" || path == "/access") {
    const std::lock_guard lock{mutex_};
    const auto user = body.value("user", "");
    user_by_token_[body.value("access_token", "")] = user;
    clients_by_user_.try_emplace(user);
  } else if (path == "/clients") {
    const auto user = user_of(request);
    const std::lock_guard lock{mutex_};
    clients_by_user_[user].push_back(body.value("id", ""));
  }
}

std::string Ledger::user_of(const HttpRequest& request) const {
  const std::lock_guard lock{mutex_};
  const auto known = user_by_token_.find(token_of(request));
  return known == user_by_token_.end() ? "" : known->second;
}

bool Ledger::knows_user(const std::string& user) const {
  const std::lock_guard lock{mutex_};
  return clients_by_user_.contains(user);
}

std::vector<std::string> Ledger::clients_of(const std::string& user) const {
  const std::lock_guard lock{mutex_};
  const auto known = clients_by_user_.find(user);
  return known == clients_by_user_.end() ? std::vector<std::string>{} : known->second;
}

std::string test_of(const HttpRequest& request) {
  return request.head.header("X-Conformance-Test").value_or("");
}

}  // namespace twostep::conformance::liar
