#pragma once

#include <string>

#include "impl/core/message.hpp"

/// A message as a client posts it: it goes to another backend unread.
namespace twostep::properties {

std::string protobuf_of(const NewMessage& message);

}  // namespace twostep::properties
