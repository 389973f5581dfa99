#pragma once

#include <optional>
#include <string>
#include <vector>

#include "conformance/support/target.hpp"
#include "property-tests/live/command.hpp"

/// The same commands at two servers, one after the other: what is seen at one must be what is seen at the
/// other.
namespace twostep::live {

struct Difference {
  std::size_t at = 0;  ///< Which command.
  Json server;
  Json reference;

  /// What kind of difference it is: shrinking keeps it, so that what is shown in the end is what was found.
  std::string kind(const Command& command) const;
  /// Which parts of the answer differ, one after the other.
  std::string parts() const;
};

/// What was seen at the server for each command; at the reference it was the same, but for the difference.
struct Played {
  std::vector<Json> seen = {};
  std::optional<Difference> difference = {};
};

/// Whether both saw the same. The same are also
///   - two refusals, one of which is 400: where two things are wrong, no clause but SND-35 says which one
///     counts;
///   - 404 with and without a body, or about a client or about nothing, where chapter 7 names no label
///     (WIR-05);
///   - 404, 405 and 401 for what is no endpoint (WIR-04).
bool equal(const Json& server, const Json& reference);

class Refinement {
 public:
  Refinement(conformance::Target server, conformance::Target reference);

  /// Up to the first difference, with users that nobody has had before.
  Played play(const Commands& commands);

  /// All differences, each as if there had been none before: for an overview, for one may follow from
  /// another.
  std::vector<Difference> survey(const Commands& commands);

  /// Fewer and simpler commands that lead to a difference of the same kind.
  /// Requires   that these do.
  Commands shrink(Commands commands);

 private:
  conformance::Target server_;
  conformance::Target reference_;
};

/// The commands with what was answered, for people.
std::string told(const Commands& commands, const Played& played);

}  // namespace twostep::live
