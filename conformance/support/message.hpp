#pragma once

#include <optional>
#include <string>
#include <vector>

#include "conformance/support/address.hpp"
#include "conformance/support/json.hpp"

/// Messages as bytes, made by the suite's own codec.
///
/// A body is any bytes; tests use words ("hello") as ciphertexts, the backend cannot tell.
namespace twostep::conformance {

struct Ciphertext {
  Address to;
  std::string body;
};

using Recipients = std::vector<Ciphertext>;

/// What to do about expected clients that are not addressed.
struct Strategy {
  enum class Kind { report_all, ignore_all, report_only, ignore_only, none };
  Kind kind = Kind::report_all;
  std::vector<QualifiedId> users = {};
};

Strategy report_all();
Strategy ignore_all();
Strategy report_only(std::vector<QualifiedId> users);
Strategy ignore_only(std::vector<QualifiedId> users);
Strategy no_strategy();  ///< Leaves the field out, which is an error.

enum class Priority { low, high };

struct SendOptions {
  Strategy strategy = {};
  std::optional<bool> transient = {};
  std::optional<bool> native_push = {};
  std::optional<std::string> blob = {};  ///< Data shared by all recipients.
  std::optional<Priority> native_priority = {};
  std::optional<std::string> sender = {};  ///< Client id to claim; else the sending device's own.
  std::string appended = {};               ///< Raw protobuf fields put after all others.
};

/// A `QualifiedNewOtrMessage`. Recipients of one user are put together; a recipient that occurs
/// twice is encoded twice, in the order given.
std::string encode_message(const std::string& sender, const Recipients& recipients,
                           const SendOptions& options);

/// Protobuf bytes of a strategy alone, for `SendOptions::appended`.
std::string encode_strategy(const Strategy& strategy);

/// The older form. `strategy` of the options is not used; `report_missing` is the body's own list.
struct LegacyOptions {
  std::string query = {};  ///< For instance "ignore_missing=true".
  std::optional<std::vector<QualifiedId>> report_missing = {};
  std::optional<bool> transient = {};
  std::optional<bool> native_push = {};
  std::optional<std::string> blob = {};
  std::optional<std::string> native_priority = {};  ///< JSON form: "low", "high".
  std::optional<std::string> sender = {};
};

Json legacy_json(const std::string& sender, const Recipients& recipients,
                 const LegacyOptions& options);
std::string legacy_protobuf(const std::string& sender, const Recipients& recipients,
                            const LegacyOptions& options);

/// Addresses every one of them with the same body.
Recipients to_each(const std::vector<Address>& addresses, const std::string& body);

}  // namespace twostep::conformance
