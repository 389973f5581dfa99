#include "conformance/runner/report.hpp"

namespace twostep::conformance {

std::string html_report(const Report& report) { return "<h1>" + headline(report) + "</h1>\n"; }

}  // namespace twostep::conformance
