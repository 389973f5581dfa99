#include "conformance/catch_up/full_inbox.hpp"

#include <algorithm>
#include <atomic>

#include "conformance/support/at_once.hpp"
#include "conformance/support/match.hpp"
#include "conformance/support/outcome.hpp"

namespace twostep::conformance {

void fill(const std::vector<Device>& senders, const Conversation& chat,
          const std::vector<Address>& to, int count) {
  std::atomic<int> next = 0;
  std::vector<std::function<void()>> actions;
  for (const auto& sender : senders) {
    actions.push_back([&, sender] {
      for (int i = next++; i < count; i = next++) {
        sender.must_send(chat, to_each(to, std::to_string(i)), {.strategy = ignore_all()});
      }
    });
  }
  at_once(actions);
}

std::vector<std::string> numbers(int count) {
  std::vector<std::string> texts;
  for (int i = 0; i < count; ++i) texts.push_back(std::to_string(i));
  std::sort(texts.begin(), texts.end());
  return texts;
}

Pages pages_of(const Device& device, int size, const std::string& since) {
  Pages pages;
  pages.newest = since;
  for (bool more = true; more;) {
    const auto page = device.page({.since = pages.newest, .size = std::to_string(size)});
    require_setup(page, {200}, "reading a page");
    const auto notifications = notifications_in(page);
    more = has_more(page);
    if (more && notifications.empty()) pages.each_had_more_until_the_last = false;
    if (notifications.empty()) break;
    pages.sizes.push_back(notifications.size());
    for (auto& body : notifications.bodies()) pages.bodies.push_back(std::move(body));
    pages.newest = *notifications.newest();
  }
  return pages;
}

}  // namespace twostep::conformance
