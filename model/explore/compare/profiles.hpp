#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/backend.hpp"
#include "model/explore/compare/observed_world.hpp"
#include "model/explore/engine/search.hpp"

/// What one federation profile allows and another does not.
///
/// The world: alice and ann at A, bob at B; alice sends one message to both; one fault. What is compared is
/// what alice, ann and bob see, and when nothing more comes.
namespace twostep::model::explore {

std::string_view name(Profile profile);
std::optional<Profile> profile_named(std::string_view name);

ObservedWorld world_of(Profile profile);

struct Allowed {
  std::vector<std::string> steps;  ///< Everything that happens.
  std::vector<std::string> seen;   ///< What of it is seen.
};

/// A shortest history that `one` allows and `other` does not; nothing if there is none.
/// Requires   The world is within the limits of `Behaviours`.
std::optional<Allowed> allowed_only_by(Profile one, Profile other, const Options& options);

}  // namespace twostep::model::explore
