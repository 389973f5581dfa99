#pragma once

#include <string>
#include <vector>

#include "conformance/support/json.hpp"

/// The recorded exchange of a test, for people: as a sequence diagram, as a list, as a curl line.
namespace twostep::conformance {

/// An SVG with a lane for everybody who took part. What every test does to begin (registering, logging
/// in, …) is folded into one row, and of a long exchange only the end is drawn.
/// @param fold_setup  false where setting up is what the test is about.
std::string sequence_diagram(const std::vector<Json>& history, bool fold_setup);

/// Every entry as a line of text with its bodies, the last ones if there are many.
std::string transcript(const std::vector<Json>& history);

/// A shell line that repeats the last request with the token in $TOKEN; "" if there was none.
std::string curl_line(const std::vector<Json>& history, const std::string& base_url);

/// "POST /conversations/…/proteus/messages": without version and domain, ids shortened.
std::string short_path(const std::string& path);

}  // namespace twostep::conformance
