#include "impl/store/inbox.hpp"

#include <algorithm>
#include <cassert>
#include <stdexcept>

#include "impl/store/key.hpp"
#include "impl/store/limits.hpp"

namespace twostep::store {
namespace {

constexpr std::size_t number_bytes = 8;
constexpr std::size_t count_bytes = 2;

std::uint64_t number_at(std::string_view bytes, std::size_t size) {
  std::uint64_t number = 0;
  for (const char byte : bytes.substr(0, size))
    number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

void append_number(std::string& out, std::uint64_t number, std::size_t size) {
  for (auto shift = 8 * size; shift > 0; shift -= 8)
    out += static_cast<char>(number >> (shift - 8) & 0xff);
}

std::string encode(const NewNotification& notification) {
  const auto& targets = notification.targets;
  assert(targets.size() <= limits::notification_targets_max);
  std::string value;
  value.reserve(number_bytes * (1 + targets.size()) + count_bytes + notification.event.size());
  append_number(value, notification.origin.value, number_bytes);
  append_number(value, targets.size(), count_bytes);
  for (const auto target : targets) append_number(value, target.value, number_bytes);
  value += notification.event;
  return value;
}

TimeUuid id_of(std::string_view key) {
  const auto id = TimeUuid::from_sort_key(key.substr(1 + Uuid::size_bytes));
  assert(id);
  return *id;
}

NotificationView decode(std::string_view key, std::string_view value) {
  assert(value.size() >= number_bytes + count_bytes);
  const auto origin = number_at(value, number_bytes);
  value.remove_prefix(number_bytes);
  const auto targets_bytes = number_bytes * number_at(value, count_bytes);
  value.remove_prefix(count_bytes);
  assert(value.size() >= targets_bytes);
  return {.id = id_of(key),
          .origin = {origin},
          .targets = value.substr(0, targets_bytes),
          .event = value.substr(targets_bytes)};
}

Key head_key(const UserId& user) { return Key{Table::inbox_head}.add(user); }

Key inbox_key(const UserId& user) { return Key{Table::notification}.add(user); }

Key row_key(const UserId& user, const TimeUuid& id) { return inbox_key(user).raw(id.sort_key()); }

// User ids are random, so two inboxes hardly ever share these 62 bits, and nothing that is kept
// would have to be shared between inboxes, or servers, to keep their ids apart.
Origin origin_in_inbox(const Origin& origin, const UserId& user) {
  const auto bits = number_at(user.bytes(), number_bytes) ^
                    number_at(user.bytes().substr(number_bytes), number_bytes) << 1;
  return {.sequence = static_cast<std::uint16_t>((origin.sequence ^ bits >> 48) & 0x3fff),
          .node = (origin.node ^ bits) & 0xffff'ffff'ffff};
}

TimeUuid checked_id(Instant at, const Origin& origin) {
  if (at < TimeUuid::earliest || at > TimeUuid::latest)
    throw std::range_error{"no time-UUID for a clock outside the years 1582 to 5236"};
  return TimeUuid::at(at, origin);
}

TimeUuid next_id(const Reader& reader, const UserId& user, const IdSource& ids,
                 const std::optional<TimeUuid>& head) {
  const auto origin = origin_in_inbox(ids.origin, user);
  switch (ids.policy) {
    case IdPolicy::monotonic:
      return checked_id(head ? std::max(ids.now, head->instant() + Ticks{1}) : ids.now, origin);
    case IdPolicy::wall_clock: {
      auto id = checked_id(ids.now, origin);
      while (reader.get(row_key(user, id).bytes()))
        id = checked_id(id.instant() + Ticks{1}, origin);
      return id;
    }
  }
  throw std::logic_error{"no such policy"};
}

struct Range {
  std::string from;
  std::string to;
};

/// Where the notifications lie that have not expired.
Range kept(const UserId& user, Instant oldest) {
  const auto inbox = inbox_key(user);
  if (oldest <= TimeUuid::earliest) return {inbox.bytes(), inbox.end()};
  if (oldest > TimeUuid::latest) return {inbox.end(), inbox.end()};
  return {row_key(user, TimeUuid::at(oldest, {})).bytes(), inbox.end()};
}

}  // namespace

bool NotificationView::is_for(ClientId client) const {
  if (targets.empty()) return true;
  for (auto rest = targets; !rest.empty(); rest.remove_prefix(number_bytes)) {
    if (number_at(rest, number_bytes) == client.value) return true;
  }
  return false;
}

std::vector<ClientId> NotificationView::clients() const {
  std::vector<ClientId> clients;
  for (auto rest = targets; !rest.empty(); rest.remove_prefix(number_bytes))
    clients.push_back({number_at(rest, number_bytes)});
  return clients;
}

NotificationView notification_at(std::string_view key, std::string_view value) {
  return decode(key, value);
}

StoredNotification append(Transaction& transaction, const IdSource& ids,
                          const NewNotification& notification) {
  const auto& user = notification.user;
  const auto previous = head(transaction, user);
  const auto id = next_id(transaction, user, ids, previous);
  transaction.put(row_key(user, id).bytes(), encode(notification));
  if (!previous || *previous < id) transaction.put(head_key(user).bytes(), id.sort_key());
  return {.previous = previous, .id = id};
}

std::optional<TimeUuid> head(const Reader& reader, const UserId& user) {
  const auto value = reader.get(head_key(user).bytes());
  if (!value) return std::nullopt;
  const auto id = TimeUuid::from_sort_key(*value);
  assert(id);
  return id;
}

bool has_expired(const Reader& reader, const UserId& user, Instant oldest) {
  bool found = false;
  reader.scan(inbox_key(user).bytes(), kept(user, oldest).from,
              [&](std::string_view, std::string_view) { return found = true, false; });
  return found;
}

std::optional<NotificationView> find_notification(const Reader& reader, const UserId& user,
                                                  const TimeUuid& id, Instant oldest) {
  if (id.instant() < oldest) return std::nullopt;
  const auto key = row_key(user, id);
  const auto value = reader.get(key.bytes());
  return value ? std::optional{decode(key.bytes(), *value)} : std::nullopt;
}

bool contains(const Reader& reader, const UserId& user, const TimeUuid& id, Instant oldest) {
  return find_notification(reader, user, id, oldest).has_value();
}

void visit_after(const Reader& reader, const UserId& user, std::optional<TimeUuid> since,
                 Instant oldest, const std::function<bool(const NotificationView&)>& visit) {
  auto [from, to] = kept(user, oldest);
  if (since) from = std::max(from, row_key(user, *since).bytes() + '\0');
  reader.scan(from, to, [&](std::string_view key, std::string_view value) {
    return visit(decode(key, value));
  });
}

void visit_newest_first(const Reader& reader, const UserId& user, Instant oldest,
                        const std::function<bool(const NotificationView&)>& visit) {
  const auto [from, to] = kept(user, oldest);
  reader.scan_back(from, to, [&](std::string_view key, std::string_view value) {
    return visit(decode(key, value));
  });
}

std::size_t trim(Transaction& transaction, const UserId& user, Instant oldest,
                 std::size_t rows_max) {
  std::vector<std::string> expired;
  const auto from = inbox_key(user).bytes();
  transaction.scan(from, kept(user, oldest).from, [&](std::string_view key, std::string_view) {
    if (expired.size() < rows_max) expired.emplace_back(key);
    return expired.size() < rows_max;
  });
  for (const auto& key : expired) transaction.erase(key);
  return expired.size();
}

}  // namespace twostep::store
