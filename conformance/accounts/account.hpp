#pragma once

#include <functional>
#include <optional>
#include <string>

#include "conformance/support/caller.hpp"
#include "conformance/support/user.hpp"

/// Requests about accounts, logins and cookies.
namespace twostep::conformance {

/// What one registers with; nobody else has the address.
struct NewAccount {
  std::string name;
  std::string email;
  std::string password;

  Json body() const;
};

/// A fresh one. Where registration is not open the test ends as *not covered*.
NewAccount new_account();

struct LoginOptions {
  bool persist = true;
  std::optional<std::string> label = {};
};

Reply log_in(const std::string& email, const std::string& password,
             const LoginOptions& options = {});

/// The cookie of another login of the user. Setup.
std::string another_cookie(const User& user, const LoginOptions& options = {});

/// `POST /access` with this cookie, and perhaps a client and an access token.
struct RenewOptions {
  std::string client = {};
  std::string token = {};
};

Reply renew(const std::string& cookie, const RenewOptions& options = {});

/// Whether `POST /access` takes the cookie: 200, or refused as revoked with 403. Anything else is a
/// failure of the test.
bool works(const std::string& cookie);

/// `GET /self` with this access token in the header.
Reply self_with(const std::string& token);

/// The same text but for one character in its midst.
std::string damaged(std::string text);

/// Repeats until it is true or the deadline has passed. For what may take a short while.
bool eventually(const std::function<bool()>& is_so);

}  // namespace twostep::conformance
