#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "model/worlds/setup.hpp"

/// The worlds that have names.
namespace twostep::model {

const std::vector<Setup>& named_setups();
std::optional<Setup> setup_named(std::string_view name);

}  // namespace twostep::model
