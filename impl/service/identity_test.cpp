#include "impl/service/identity.hpp"

#include <gtest/gtest.h>

#include "impl/service/fakes.hpp"

namespace twostep::service {
namespace {

// A start under another domain would give every name in the store another meaning, so it has to be seen.
TEST(Identity, TheRowsKeepTheDomainThatTheyBeganWith) {
  MemoryWorld world;
  const auto at_first = run(domain_of_rows(world.world.backend));
  world.world.backend.domain = *Domain::parse("b.example");
  const auto later = run(domain_of_rows(world.world.backend));

  ASSERT_TRUE(at_first && later);
  EXPECT_EQ(*later, *at_first);
  EXPECT_NE(*later, world.world.backend.domain.text());
}

}  // namespace
}  // namespace twostep::service
