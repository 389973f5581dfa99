#include "property-tests/campaign/outcome_matrix.hpp"

#include <algorithm>
#include <set>

namespace twostep::properties {
namespace {

/// Where a message to several backends came to.
struct Spread {
  std::set<std::size_t> concerned;  ///< Backends with a valid recipient.
  std::set<std::size_t> have_it;
  std::set<std::size_t> failed;  ///< Those that the sender was told of.
};

Spread spread_of(const Stage& stage, const Message& message, const std::vector<int>& found) {
  Spread spread;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto& addressee = message.addressees[i];
    const auto& device = stage.history.devices[addressee.device];
    const auto& person = stage.person_of(device);
    if (addressee.surely_valid || found[i] > 0) spread.concerned.insert(person.site);
    if (found[i] > 0) spread.have_it.insert(person.site);
    if (message.failed.contains({person.id, device.client})) spread.failed.insert(person.site);
  }
  return spread;
}

void count_acknowledged(Stage& stage, const Message& message, const Spread& spread) {
  auto& coverage = stage.coverage;
  const auto home = stage.person_of(stage.history.devices[message.sender]).site;
  const bool elsewhere = stage.history.talks[message.talk].site != home;
  if (spread.concerned.size() == 1 && message.bystander_down)
    coverage.saw(Situation::matrix_bystander_down);
  if (spread.failed.empty()) {
    if (spread.have_it.size() == 2)
      coverage.saw(elsewhere ? Situation::matrix_remote_all_two : Situation::matrix_local_all_two);
    if (spread.have_it.size() == 3)
      coverage.saw(elsewhere ? Situation::matrix_remote_all_three
                             : Situation::matrix_local_all_three);
    return;
  }
  if (spread.failed.size() == 2) coverage.saw(Situation::matrix_two_not_told);
  if (elsewhere && spread.failed.contains(home)) coverage.saw(Situation::matrix_sender_not_told);
  for (const auto site : spread.failed) {
    const bool has_it = spread.have_it.contains(site);
    if (elsewhere) {
      coverage.saw(has_it ? Situation::matrix_remote_told_silent
                          : Situation::matrix_remote_not_told);
    } else {
      coverage.saw(has_it ? Situation::matrix_local_told_silent : Situation::matrix_local_not_told);
    }
  }
}

void count_refused_for_peer(Stage& stage, const Message& message) {
  if (message.fault->inner.empty()) {
    stage.coverage.saw(Situation::matrix_local_not_asked);
    return;
  }
  const auto home = stage.person_of(stage.history.devices[message.sender]).site;
  const auto domain = '"' + stage.sites[home]->domain.text() + '"';
  const bool itself = message.fault->inner.find(domain) != std::string::npos;
  stage.coverage.saw(itself ? Situation::matrix_sender_not_asked
                            : Situation::matrix_remote_not_asked);
}

}  // namespace

void count_outcome(Stage& stage, const Message& message, const std::vector<int>& found) {
  if (!stage.between || message.transient) return;
  const auto spread = spread_of(stage, message, found);
  switch (message.outcome) {
    case Outcome::stopped:
      return;
    case Outcome::delivered:
      count_acknowledged(stage, message, spread);
      return;
    case Outcome::refused:
      if (message.fault) count_refused_for_peer(stage, message);
      return;
    case Outcome::unknown:
    case Outcome::pending:
      break;
  }
  if (spread.concerned.size() < 2) return;
  const auto home = stage.person_of(stage.history.devices[message.sender]).site;
  const bool elsewhere = stage.history.talks[message.talk].site != home;
  const bool nobody = spread.have_it.empty();
  const bool all = spread.have_it == spread.concerned;
  if (elsewhere) {
    stage.coverage.saw(nobody ? Situation::matrix_owner_silent_nobody
                       : all  ? Situation::matrix_owner_silent_all
                              : Situation::matrix_owner_silent_part);
  } else {
    stage.coverage.saw(nobody ? Situation::matrix_no_answer_nobody
                       : all  ? Situation::matrix_no_answer_all
                              : Situation::matrix_no_answer_part);
  }
}

}  // namespace twostep::properties
