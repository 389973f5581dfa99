#include "impl/store/store.hpp"

#include <stdexcept>

namespace twostep::store {

void throw_exception_from_error(StoreError error, const boost::source_location&) {
  throw std::logic_error{"value taken from a failed store result, error " +
                         std::to_string(static_cast<int>(error))};
}

}  // namespace twostep::store
