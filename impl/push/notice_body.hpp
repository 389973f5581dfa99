#pragma once

#include <string>

#include "impl/service/ports.hpp"

namespace twostep::push {

/// The body of a call of the push gateway: a token, and the name of what to fetch. No content.
///
/// Source     specs/02-deliver.md (DLV-18, DLV-21), specs/07-wire.md (push gateway).
std::string notice_body(const service::PushNotice& notice);

}  // namespace twostep::push
