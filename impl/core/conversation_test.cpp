#include "impl/core/conversation.hpp"

#include <gtest/gtest.h>

namespace twostep {
namespace {

constexpr std::array actions = {Action::add_member,           Action::remove_member,
                                Action::change_role,          Action::rename,
                                Action::change_message_timer, Action::change_receipt_mode};

TEST(Roles, HaveTheNamesOfTheWire) {
  EXPECT_EQ(role_named("wire_admin"), Role::admin);
  EXPECT_EQ(role_named("wire_member"), Role::member);
  EXPECT_EQ(role_named("owner"), std::nullopt);
  for (const auto role : roles) EXPECT_EQ(role_named(name_of(role)), role);
}

TEST(Roles, AnAdminMayDoEverythingAndAMemberNothing) {
  for (const auto action : actions) {
    EXPECT_TRUE(permits(Role::admin, action));
    EXPECT_FALSE(permits(Role::member, action));
  }
}

TEST(ConversationType, OnlyGroupsChangeOnRequest) {
  EXPECT_TRUE(can_change(ConversationType::group));
  EXPECT_FALSE(can_change(ConversationType::self));
  EXPECT_FALSE(can_change(ConversationType::one_to_one));
  EXPECT_FALSE(can_change(ConversationType::connect));
}

}  // namespace
}  // namespace twostep
