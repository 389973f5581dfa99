#pragma once

#include <array>
#include <string_view>

/// Faults planted in the world on purpose. A property that has never failed is not known to work; each of
/// these breaks a promise that some property checks, and a test sees it found.
namespace twostep::properties {

enum class Plant {
  none,
  answers_before_commit,  ///< The store answers, and then begins to commit.
  loses_last_row,         ///< A commit keeps all its rows but the last.
  keeps_refused,          ///< What was refused as `busy` is committed nevertheless.
  tears_commit,           ///< A crash in a commit keeps the first half of it.
  forgets_heads,          ///< After a restart no inbox remembers the greatest id it gave.
  never_rings,            ///< No doorbell rings.
  repeats_frame,          ///< A frame is written twice.
  skips_frame,            ///< Every tenth frame is not written.
  delivers_to_neighbour,  ///< A socket gets what is for another client of the user.
  page_without_its_last,  ///< A page of more than one is answered without its last notification.
  ids_by_wall_clock,      ///< The policy that the source has: S6.
  pushes_to_everybody,    ///< The gateway hears of every client, with a socket or not.
  never_heals,            ///< A node that went down stays down.
};

struct PlantName {
  Plant plant;
  std::string_view name;
};

inline constexpr std::array plant_names = {
    PlantName{Plant::answers_before_commit, "answers-before-commit"},
    PlantName{Plant::loses_last_row, "loses-last-row"},
    PlantName{Plant::keeps_refused, "keeps-refused"},
    PlantName{Plant::tears_commit, "tears-commit"},
    PlantName{Plant::forgets_heads, "forgets-heads"},
    PlantName{Plant::never_rings, "never-rings"},
    PlantName{Plant::repeats_frame, "repeats-frame"},
    PlantName{Plant::skips_frame, "skips-frame"},
    PlantName{Plant::delivers_to_neighbour, "delivers-to-neighbour"},
    PlantName{Plant::page_without_its_last, "page-without-its-last"},
    PlantName{Plant::ids_by_wall_clock, "ids-by-wall-clock"},
    PlantName{Plant::pushes_to_everybody, "pushes-to-everybody"},
    PlantName{Plant::never_heals, "never-heals"},
};

}  // namespace twostep::properties
