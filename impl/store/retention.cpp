#include "impl/store/retention.hpp"

#include <algorithm>
#include <cassert>
#include <utility>
#include <vector>

#include "impl/store/inbox.hpp"
#include "impl/store/key.hpp"
#include "impl/store/limits.hpp"

namespace twostep::store {
namespace {

struct Found {
  std::vector<UserId> inboxes;  ///< Those with something to remove.
  std::optional<UserId> next;
};

Found find_expired(const Reader& reader, std::optional<UserId> from, Instant oldest) {
  Found found;
  std::size_t looked_at = 0;
  const Key heads{Table::inbox_head};
  const auto first = from ? Key{Table::inbox_head}.add(*from).bytes() : heads.bytes();
  reader.scan(first, heads.end(), [&](std::string_view key, std::string_view) {
    const auto user = UserId::from_bytes(key.substr(heads.bytes().size()));
    assert(user);
    if (looked_at == limits::sweep_inboxes_max) {
      found.next = user;
      return false;
    }
    ++looked_at;
    if (has_expired(reader, *user, oldest)) found.inboxes.push_back(*user);
    return true;
  });
  return found;
}

/// Where a step that could remove no more goes on: the same inbox may have more to remove.
SweepStep remove_expired(Transaction& transaction, const Found& found, Instant oldest) {
  SweepStep step{.next = found.next};
  for (const auto& user : found.inboxes) {
    step.removed += trim(transaction, user, oldest, limits::sweep_rows_max - step.removed);
    if (step.removed == limits::sweep_rows_max) {
      step.next = user;
      break;
    }
  }
  return step;
}

}  // namespace

Instant oldest_kept(Instant now, Instant now_at_start, std::chrono::nanoseconds since_start,
                    Ticks keep) {
  const auto believed =
      now_at_start + std::chrono::duration_cast<Ticks>(since_start) + limits::clock_correction_max;
  return std::min(now, believed) - keep;
}

boost::asio::awaitable<StoreResult<SweepStep>> sweep(Store& store, std::optional<UserId> from,
                                                     Instant oldest) {
  Found found;
  const auto looked = co_await store.read(
      [&](const Reader& reader) { found = find_expired(reader, from, oldest); });
  if (!looked) co_return looked.error();
  if (found.inboxes.empty()) co_return SweepStep{.next = found.next};

  SweepStep step;
  Write remove{[&](Transaction& rows) { step = remove_expired(rows, found, oldest); }};
  const auto removed = co_await store.write(std::move(remove));
  if (!removed) co_return removed.error();
  co_return step;
}

}  // namespace twostep::store
