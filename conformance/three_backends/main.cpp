#include <gtest/gtest.h>

#include "conformance/support/context.hpp"

/// Tests of three backends as processes; scripts/federation starts those and runs this.
int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  auto& context = twostep::conformance::context();
  context.test = "three_backends";
  context.patience = twostep::conformance::Milliseconds{30'000};
  context.alone = true;
  return RUN_ALL_TESTS();
}
