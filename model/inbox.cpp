#include "model/inbox.hpp"

#include <algorithm>

#include "model/bug.hpp"
#include "model/flat.hpp"

namespace twostep::model {
namespace {

const User* user_of(const Backend& backend, UserId id) {
  return find_by(backend.database.users, id, &User::id);
}

bool is_visible(const Notification& notification, const std::optional<ClientId>& client) {
  return !client || !notification.client || *notification.client == *client;
}

}  // namespace

Page catch_up(const Backend& backend, const CatchUp& request) {
  Page page;
  const auto* user = user_of(backend, request.user);
  static const std::vector<Notification> nothing;
  const auto& inbox = user != nullptr ? user->inbox : nothing;
  auto next = inbox.begin();
  if (request.since) {
    const auto* pointer = find_by(inbox, *request.since, &Notification::id);
    const auto bug = backend.configuration.bug;
    // Whether it is visible to `client` does not matter (CUP-18).
    page.gap = pointer == nullptr && bug != Bug::forgets_gap;
    if (page.gap) return page;
    next = std::find_if(inbox.begin(), inbox.end(), [&](const Notification& notification) {
      return notification.id > *request.since ||
             (bug == Bug::since_is_inclusive && notification.id == *request.since);
    });
  }
  for (; next != inbox.end(); ++next) {
    if (!is_visible(*next, request.client))
      continue;  // Neither counted nor a reason for more (CUP-15).
    page.has_more = page.notifications.size() == request.size;
    if (page.has_more) break;
    page.notifications.push_back(*next);
  }
  return page;
}

std::optional<Notification> last(const Backend& backend, UserId id,
                                 std::optional<ClientId> client) {
  const auto* user = user_of(backend, id);
  if (user == nullptr) return std::nullopt;
  const auto newest =
      std::find_if(user->inbox.rbegin(), user->inbox.rend(),
                   [&](const auto& notification) { return is_visible(notification, client); });
  if (newest == user->inbox.rend()) return std::nullopt;
  return *newest;
}

std::optional<Notification> find(const Backend& backend, UserId id, std::optional<ClientId> client,
                                 NotificationId wanted) {
  const auto* user = user_of(backend, id);
  if (user == nullptr) return std::nullopt;
  const auto* notification = find_by(user->inbox, wanted, &Notification::id);
  if (notification == nullptr || !is_visible(*notification, client)) return std::nullopt;
  return *notification;
}

}  // namespace twostep::model
