#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "conformance/liar/message.hpp"

/// Who is who, as far as it can be overheard: the liar knows only what passes through it.
///
/// Threads    Any.
namespace twostep::conformance::liar {

class Ledger {
 public:
  /// Takes in logins, renewed tokens and registered clients. To be called for every response.
  void hear(const HttpRequest& request, const HttpResponse& response);

  /// The user whose access token the request carries; empty if it was never heard of.
  std::string user_of(const HttpRequest& request) const;

  bool knows_user(const std::string& user) const;
  std::vector<std::string> clients_of(const std::string& user) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::string> user_by_token_;
  std::map<std::string, std::vector<std::string>> clients_by_user_;
};

/// The test that the request belongs to, as the suite says in a header.
std::string test_of(const HttpRequest& request);

}  // namespace twostep::conformance::liar
