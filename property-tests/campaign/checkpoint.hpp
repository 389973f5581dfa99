#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "property-tests/campaign/workers.hpp"

/// How far a campaign has come, in a file, so that another day it goes on from there.
///
/// Shape      Text, `number name` on each line. Names that are no longer counted are passed over.
namespace twostep::properties {

struct Checkpoint {
  std::uint64_t first_seed = 1;
  std::uint64_t next_seed = 1;
  CampaignTotals totals = {};
};

/// Replaces the file as a whole.
void save(const Checkpoint& checkpoint, const std::filesystem::path& file);

/// Errors     `nullopt` if there is none, or it is none.
std::optional<Checkpoint> load(const std::filesystem::path& file);

}  // namespace twostep::properties
