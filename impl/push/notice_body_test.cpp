#include "impl/push/notice_body.hpp"

#include <gtest/gtest.h>

namespace twostep::push {
namespace {

const service::PushNotice notice{
    .transport = "GCM",
    .app = "our \"app\"",
    .token = "bob's phone",
    .high_priority = true,
    .user = *UserId::parse("0b0b0b0b-0000-4000-8000-000000000001"),
    .client = {0xb},
    .id = *TimeUuid::parse("c7ff3d24-9d2e-11ee-8c90-0242ac120002"),
};

TEST(Dlv21, ANoticeNamesWhatToFetchAndNothingElse) {
  EXPECT_EQ(notice_body(notice),
            R"({"transport":"GCM","app":"our \"app\"","token":"bob's phone","priority":"high",)"
            R"("payload":{"type":"notice","data":{"id":"c7ff3d24-9d2e-11ee-8c90-0242ac120002"},)"
            R"("user":"0b0b0b0b-0000-4000-8000-000000000001"}})");
}

TEST(Dlv21, PriorityIsTheSenders) {
  auto low = notice;
  low.high_priority = false;
  EXPECT_NE(notice_body(low).find(R"("priority":"low")"), std::string::npos);
}

}  // namespace
}  // namespace twostep::push
