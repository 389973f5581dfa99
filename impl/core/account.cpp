#include "impl/core/account.hpp"

#include <algorithm>

#include "impl/core/limits.hpp"

namespace twostep {
namespace {

constexpr std::size_t local_part_chars_max = 64;  // RFC 5321 section 4.5.3.1.1.

char lowered(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// RFC 5322 section 3.2.3, in lower case, with the dot that joins atoms.
bool is_local_part(std::string_view text) {
  constexpr std::string_view atoms = "abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~.";
  return !text.empty() && text.size() <= local_part_chars_max && text.front() != '.' &&
         text.back() != '.' && text.find("..") == std::string_view::npos &&
         text.find_first_not_of(atoms) == std::string_view::npos;
}

}  // namespace

std::optional<EmailAddress> EmailAddress::parse(std::string_view text) {
  if (text.size() > limits::email_bytes_max) return std::nullopt;
  std::string spelled{text};
  std::transform(spelled.begin(), spelled.end(), spelled.begin(), lowered);
  const auto at = spelled.find('@');
  if (at == std::string::npos || !is_local_part(std::string_view{spelled}.substr(0, at)) ||
      !Domain::parse(std::string_view{spelled}.substr(at + 1)))
    return std::nullopt;
  return EmailAddress{std::move(spelled)};
}

std::optional<Handle> Handle::parse(std::string_view text) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789_-.";
  if (text.size() < limits::handle_chars_min || text.size() > limits::handle_chars_max ||
      text.find_first_not_of(allowed) != std::string_view::npos)
    return std::nullopt;
  return Handle{std::string{text}};
}

}  // namespace twostep
