#pragma once

#include <optional>
#include <vector>

#include "impl/core/ids.hpp"
#include "impl/core/mismatch.hpp"
#include "impl/core/result.hpp"
#include "impl/wire/form.hpp"

/// The strategy of a message in the older form, which has three places to say it.
///
/// Errors     `bad_request` for a parameter that is neither `true`, `false` nor user ids with
/// commas
///            between, also if another place decides.
/// Threads    A pure function.
/// Source     specs/01-send.md (SND-39 to SND-42).
namespace twostep::wire {

/// `listed`: the list `report_missing` of the body, if it has one. It comes before `ignore_missing`
/// of the query, and that before `report_missing` of the query. All users are of `domain`.
Result<Strategy> legacy_strategy(std::optional<std::vector<UserId>> listed, const Parameters& query,
                                 const Domain& domain);

}  // namespace twostep::wire
