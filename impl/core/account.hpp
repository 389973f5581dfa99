#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "impl/core/ids.hpp"

/// Accounts: who a user of this backend is, and what one says to become one or to be recognised.
///
/// Threads    Plain values.
/// Source     specs/05-accounts-and-devices.md (ACC).
namespace twostep {

/// An e-mail address in the one spelling under which it is known here.
class EmailAddress {
 public:
  /// `local@domain` with a local part of RFC 5322 atoms. Upper case is lowered on both sides: no
  /// provider tells two people apart by it, and people do not remember how they wrote it.
  static std::optional<EmailAddress> parse(std::string_view text);

  const std::string& text() const { return text_; }

  friend auto operator<=>(const EmailAddress&, const EmailAddress&) = default;

 private:
  explicit EmailAddress(std::string text) : text_{std::move(text)} {}

  std::string text_;
};

/// A name that a user chose, by which others find them and they can log in.
class Handle {
 public:
  /// Lower-case letters, digits, `_`, `-` and `.`; upper case is not lowered but refused, since a
  /// handle is shown as it is.
  static std::optional<Handle> parse(std::string_view text);

  const std::string& text() const { return text_; }

  friend auto operator<=>(const Handle&, const Handle&) = default;

 private:
  explicit Handle(std::string text) : text_{std::move(text)} {}

  std::string text_;
};

struct Account {
  UserId id;
  std::string name;
  std::optional<EmailAddress> email;
  std::optional<Handle> handle;
  std::int64_t accent_id = 0;
  std::string locale;
  std::string password_hash;  ///< Empty: the account has no password.
};

/// What everybody may see of a user, of whichever backend.
struct Profile {
  QualifiedUser user;
  std::string name;
  std::optional<Handle> handle = {};
  std::int64_t accent_id = 0;
};

inline Profile profile_of(const Account& account, const Domain& domain) {
  return {{domain, account.id}, account.name, account.handle, account.accent_id};
}

/// What a registration asks for.
struct NewAccount {
  std::string name;
  std::optional<EmailAddress> email = {};
  std::optional<std::string> password = {};
  std::int64_t accent_id = 0;
  std::string locale = {};
  std::optional<std::string> label = {};  ///< Of the cookie that comes with it.
};

/// What a login says.
struct Login {
  std::variant<EmailAddress, Handle> name;
  std::string password;
  std::optional<std::string> label;
  bool persist = false;
};

/// A login that may ask for access tokens, until it expires or is revoked. It proves itself by the
/// hash in its cookie's value; all values ever issued for one login are one of these.
struct Cookie {
  std::uint64_t number = 0;
  bool persistent = false;
  std::chrono::sys_seconds issued = {};   ///< Of the newest value.
  std::chrono::sys_seconds expires = {};  ///< Of the newest value.
  std::optional<std::string> label = {};
};

}  // namespace twostep
