#pragma once

#include <optional>

#include "impl/core/message.hpp"
#include "property-tests/campaign/stage.hpp"

/// Faults planted between a sender and its backend: see `world/plant.hpp`.
namespace twostep::properties {

/// What arrives at the backend is not what was sent.
void plant_in_message(const Stage& stage, NewMessage& message);

/// What arrives at the sender is not what was answered.
void plant_in_answer(const Stage& stage, const Message& message,
                     std::optional<Result<Sent>>& answer);

}  // namespace twostep::properties
