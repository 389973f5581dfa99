#include "impl/store/store.hpp"

#include <ostream>
#include <sstream>
#include <stdexcept>

namespace twostep::store {

std::ostream& operator<<(std::ostream& out, StoreError error) {
  switch (error) {
    case StoreError::busy:
      return out << "busy";
    case StoreError::full:
      return out << "full";
    case StoreError::outcome_unknown:
      return out << "outcome_unknown";
  }
  return out;
}

void throw_exception_from_error(StoreError error, const boost::source_location&) {
  std::ostringstream text;
  text << "value taken from a failed store result: " << error;
  throw std::logic_error{text.str()};
}

}  // namespace twostep::store
