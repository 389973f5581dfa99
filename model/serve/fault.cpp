#include "model/serve/fault.hpp"

#include <algorithm>
#include <utility>

namespace twostep::model::serve {
namespace {

constexpr std::pair<Fault, Bug> bugs_of_the_model[] = {
    {Fault::one_missing_client_is_overlooked, Bug::mismatch_ignores_first_client},
    {Fault::refused_and_stored, Bug::stores_what_it_refuses},
    {Fault::strangers_receive, Bug::stores_for_strangers},
    {Fault::the_sender_receives, Bug::stores_for_sender},
    {Fault::one_copy_for_all_clients, Bug::one_copy_for_all_clients},
    {Fault::an_unknown_pointer_is_no_gap, Bug::forgets_gap},
    {Fault::the_pointer_comes_again, Bug::since_is_inclusive},
    {Fault::pushes_what_a_socket_got, Bug::pushes_what_a_socket_got},
    {Fault::each_peer_is_asked_twice, Bug::asks_twice},
    {Fault::one_answer_is_enough, Bug::stores_before_all_answered},
    {Fault::a_peer_that_fails_has_no_clients, Bug::treats_a_down_peer_as_empty},
    {Fault::partial_delivery_is_hidden, Bug::hides_partial_delivery},
};

std::string with_dashes(std::string name) {
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

}  // namespace

Bug Faults::in_the_model() const {
  for (const auto& [fault, bug] : bugs_of_the_model) {
    if (on(fault)) return bug;
  }
  return Bug::none;
}

std::vector<NamedFault> all_faults() {
  return {
#define TWOSTEP_FAULT(chapter, number, name) \
  {Fault::name, #chapter "-" #number, with_dashes(#name)},
#include "model/serve/faults.def"
#undef TWOSTEP_FAULT
  };
}

}  // namespace twostep::model::serve
