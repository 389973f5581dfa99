#pragma once

#include <compare>
#include <cstdint>
#include <ostream>
#include <string>

#include "conformance/support/json.hpp"

/// Who and what a message is for, as the wire names them.
namespace twostep::conformance {

/// A user or a conversation: a UUID as lower-case text, and the domain of its backend.
struct QualifiedId {
  std::string id;
  std::string domain;

  friend auto operator<=>(const QualifiedId&, const QualifiedId&) = default;
};

void to_json(Json& json, const QualifiedId& id);
void from_json(const Json& json, QualifiedId& id);  ///< Empty where there is no text.

/// One client of one user. `client` is the id as the backend writes it: lower-case hexadecimal
/// without leading zeros. A `Device` converts to its address.
struct Address {
  QualifiedId user;
  std::string client;

  friend auto operator<=>(const Address&, const Address&) = default;
};

/// The number that `client` names, as protobuf carries it.
std::uint64_t client_number(const std::string& client);

void PrintTo(const QualifiedId& id, std::ostream* out);
void PrintTo(const Address& address, std::ostream* out);

}  // namespace twostep::conformance
