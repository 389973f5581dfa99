#include "conformance/liar/fault.hpp"

namespace twostep::conformance::liar {

std::vector<Fault> time_uuid_faults() { return {}; }

}  // namespace twostep::conformance::liar
