#pragma once

#include <array>
#include <memory>
#include <string_view>
#include <utility>

#include "impl/store/store.hpp"

/// Stores that are wrong on purpose: a property that has never failed is not known to work.
///
/// Threads    As the store behind it.
namespace twostep::properties::stores {

enum class Fault {
  page_without_its_last,
  forgets_heads,
  loses_last_row,
  keeps_refused,
  shows_the_past,  ///< What is read is from before the last commit.
  erases_nothing,
  rings_before_commit,  ///< `committed` is called while the change is being decided.
  tears_commit,         ///< The last row of a change has a commit of its own.
};

std::unique_ptr<store::Store> planted(std::unique_ptr<store::Store> store, Fault fault);

/// Those that show without a crash.
inline constexpr std::array faults_at_rest = {
    std::pair{Fault::page_without_its_last, std::string_view{"PageWithoutItsLast"}},
    std::pair{Fault::forgets_heads, std::string_view{"ForgetsHeads"}},
    std::pair{Fault::loses_last_row, std::string_view{"LosesLastRow"}},
    std::pair{Fault::keeps_refused, std::string_view{"KeepsRefused"}},
    std::pair{Fault::shows_the_past, std::string_view{"ShowsThePast"}},
    std::pair{Fault::erases_nothing, std::string_view{"ErasesNothing"}},
};

}  // namespace twostep::properties::stores
