#pragma once

#include <string>
#include <string_view>

#include "impl/core/result.hpp"

/// How a refusal looks on the wire.
///
/// Clients act on the label. Some act on the message too, so where one is known to matter the text
/// here is exact: `Token expired`, `Authentication failed.`, `Missing cookie`,
/// `Missing cookie and token`, `Invalid token`.
///
/// Shape      `{"code":<status>,"label":"<label>","message":"<text>"}`, none of them empty. Where
///            another backend was called, also `"data":{"type":"federation","domain","path"}` and, if
///            it refused, `"inner"`: its error body. Unreachable backends have a body of their own,
///            `{"unreachable_backends":[…]}`.
/// Threads    Pure functions.
/// Source     specs/07-wire.md (WIR), the table of labels.
namespace twostep::wire {

struct Label {
  int status;
  std::string_view label;
  std::string_view message;
};

Label label_of(Reason reason);

/// The error body. The refusal's detail replaces the reason's own message, except in a 500: what
/// went wrong inside is for the log alone.
std::string error_body(const Refusal& refusal);

/// The error body of a status that no reason stands for, such as those of a bad request head.
std::string error_body(const Label& label);

}  // namespace twostep::wire
