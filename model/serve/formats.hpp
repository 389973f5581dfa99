#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// How ids, times and octets are written on the wire.
///
/// Errors     `nullopt` for text that is none of it.
/// Source     specs/07-wire.md WIR-13, WIR-14, WIR-15; specs/08-robustness.md ROB-07.
namespace twostep::model::serve {

/// A moment as the wire shows it.
using Moment = std::chrono::sys_time<std::chrono::milliseconds>;

/// The number whose hexadecimal text is a client's id.
using ClientNumber = std::uint64_t;

struct QualifiedId {
  std::string domain;
  std::string id;

  friend auto operator<=>(const QualifiedId&, const QualifiedId&) = default;
};

/// 36 characters, in lower case whatever the case of `text`.
std::optional<std::string> read_uuid(std::string_view text);
std::string uuid_text(std::string_view octets);  ///< Requires 16 octets.
std::string uuid_octets(std::string_view uuid);  ///< Requires a UUID that was read.
std::string random_uuid();                       ///< Version 4.

/// The conversation that two connected users of different backends have, as both backends name it
/// without asking each other (the rule below FED-50).
QualifiedId one_to_one_of(const QualifiedId& one, const QualifiedId& other);

std::optional<std::string> read_domain(std::string_view text);

std::optional<ClientNumber> read_client(std::string_view text);
std::string client_text(ClientNumber client);

std::string time_text(Moment moment);        ///< 2021-05-12T10:52:02.671Z
std::string whole_time_text(Moment moment);  ///< 2021-05-12T10:52:02Z

/// UTC with any number of decimals.
std::optional<Moment> read_time(const std::string& text);

std::string base64(std::string_view octets);
std::optional<std::string> from_base64(std::string_view text);

/// Letters and digits that nobody can guess.
std::string random_secret();

/// Of characters, not octets. Requires UTF-8.
std::size_t characters(std::string_view text);

}  // namespace twostep::model::serve
