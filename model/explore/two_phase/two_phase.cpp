#include "model/explore/two_phase/two_phase.hpp"

#include <algorithm>
#include <array>

namespace twostep::model::explore {

TwoPhase::State TwoPhase::canonical(const State& state) const {
  std::array<std::uint8_t, participants_max> each{};
  const auto end = each.begin() + participants_;
  for (int i = 0; i < participants_; ++i) each[std::size_t(i)] = (state.bits >> 4 * i) & 0xf;
  std::sort(each.begin(), end);

  State sorted{state.bits & ~(coordinator(1) - 1)};
  for (int i = 0; i < participants_; ++i)
    sorted.bits |= std::uint64_t{each[std::size_t(i)]} << 4 * i;
  return sorted;
}

std::string TwoPhase::text(const State&, const Action& action) const {
  const auto participant = "participant " + std::to_string(action.participant + 1);
  switch (action.what) {
    case What::coordinator_hears_prepared:
      return "coordinator hears that " + participant + " is prepared";
    case What::coordinator_commits:
      return "coordinator commits";
    case What::coordinator_aborts:
      return "coordinator aborts";
    case What::participant_prepares:
      return participant + " prepares";
    case What::participant_aborts:
      return participant + " aborts";
    case What::participant_hears_commit:
      return participant + " hears commit";
    case What::participant_hears_abort:
      return participant + " hears abort";
  }
  return {};
}

}  // namespace twostep::model::explore
