#include "conformance/liar/fault.hpp"

namespace twostep::conformance::liar {

std::vector<Fault> send_faults() { return {}; }

}  // namespace twostep::conformance::liar
