#include "impl/service/peers.hpp"

#include <stdexcept>

namespace twostep::service {

std::string_view name_of(Component component) {
  switch (component) {
    case Component::brig:
      return "brig";
    case Component::galley:
      return "galley";
  }
  return {};
}

std::string path_of(const PeerCall& call) {
  return "/federation/" + std::string{name_of(call.component)} + '/' + call.rpc;
}

void throw_exception_from_error(PeerFailure, const boost::source_location&) {
  throw std::logic_error{"value taken from a call that failed"};
}

}  // namespace twostep::service
