#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "model/serve/http.hpp"

/// The head of an HTTP request, read strictly.
///
/// What two readers could understand differently is refused, and ends the connection: whatever follows might
/// be part of it.
///
/// Source     specs/08-robustness.md ROB-01; RFC 9112 sections 3, 5, 6.
namespace twostep::model::serve {

struct Head {
  Request request;  ///< Without its body.
  std::size_t content_length = 0;
  bool chunked = false;
  bool keep_alive = true;
  bool expects_continue = false;
};

/// `text` ends with the empty line. Throws a Refusal: 400, or 501 for an unknown transfer coding.
Head read_head(std::string_view text);

}  // namespace twostep::model::serve
