#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "conformance/support/raw_socket.hpp"

/// What a backend does about bytes that are no proper request.
namespace twostep::conformance {

/// Statuses of the responses in what was received.
std::vector<int> statuses_in(const std::string& received);

/// True if the next thing on the connection is an answer 4xx, or its end.
::testing::AssertionResult refuses(RawSocket& socket);

}  // namespace twostep::conformance
