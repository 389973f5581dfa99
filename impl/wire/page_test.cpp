#include "impl/wire/page.hpp"

#include <gtest/gtest.h>

#include "impl/wire/frame.hpp"

namespace twostep::wire {
namespace {

using namespace std::chrono_literals;

constexpr Instant when = std::chrono::sys_days{std::chrono::year{2021} / 5 / 12} + 671ms;
const auto first = TimeUuid::at(when, {.sequence = 0, .node = 1});
const auto second = TimeUuid::at(when + 1s, {.sequence = 0, .node = 1});

TEST(Page, IsItsNotificationsInOrder) {
  PageWriter page;
  page.add(first, R"({"a":1})");
  page.add(second, R"({"b":2})");

  EXPECT_EQ(page.count(), 2u);
  EXPECT_EQ(std::move(page).finish(true, when),
            R"({"notifications":[{"id":")" + first.text() + R"(","payload":[{"a":1}]},{"id":")" +
                second.text() +
                R"(","payload":[{"b":2}]}],"has_more":true,"time":"2021-05-12T00:00:00Z"})");
}

TEST(Page, MayBeEmpty) {
  EXPECT_EQ(PageWriter{}.finish(false, when),
            R"({"notifications":[],"has_more":false,"time":"2021-05-12T00:00:00Z"})");
}

TEST(Page, KnowsItsSize) {
  PageWriter page;
  const auto before = page.bytes();
  const std::string event(1000, ' ');
  page.add(first, event);
  EXPECT_EQ(page.bytes() - before, notification(first, event).size());
}

TEST(Frame, IsOneNotificationThatSaysWhetherItIsStored) {
  EXPECT_EQ(notification_frame(first, R"({"a":1})"),
            R"({"id":")" + first.text() + R"(","payload":[{"a":1}],"transient":false})");
  EXPECT_EQ(transient_frame(first, R"({"a":1})"),
            R"({"id":")" + first.text() + R"(","payload":[{"a":1}],"transient":true})");
}

}  // namespace
}  // namespace twostep::wire
