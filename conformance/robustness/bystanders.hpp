#pragma once

#include <gtest/gtest.h>

#include <string>

#include "conformance/support/backend.hpp"

/// Two users who have nothing to do with what a test does to the backend. "The backend goes on" is
/// what they see: a send, a catch-up and a new socket work as ever.
///
/// Threads    Belongs to one thread.
namespace twostep::conformance {

class Bystanders {
 public:
  explicit Bystanders(const Backend& backend);

  /// One sends a word to the other, who finds it on a fresh socket and, once, in the inbox.
  ::testing::AssertionResult go_on();

 private:
  Device alice_;
  Device bob_;
  Conversation chat_;
  std::string pointer_;  ///< Of bob.
};

}  // namespace twostep::conformance
