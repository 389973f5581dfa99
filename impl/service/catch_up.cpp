#include "impl/service/catch_up.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>
#include <utility>

#include "impl/service/change.hpp"
#include "impl/store/clients.hpp"
#include "impl/store/inbox.hpp"
#include "impl/wire/page.hpp"

namespace twostep::service {
namespace {

using boost::asio::awaitable;

bool is_visible(const store::NotificationView& row, const std::optional<ClientId>& client) {
  return !client || row.is_for(*client);
}

/// What one snapshot says.
struct Seen {
  Page page;
  bool needs_touch = false;
};

Result<Seen> read_page(const store::Reader& reader, const UserId& user, const CatchUp& request,
                       Instant now, Instant oldest) {
  Seen seen;
  seen.page.gap = request.since && !store::contains(reader, user, *request.since, oldest);
  if (seen.page.gap && request.gap == Gap::refuse)
    return Refusal{Reason::not_found, "Some notifications not found"};

  wire::PageWriter page;
  bool has_more = false;
  store::visit_after(reader, user, request.since, oldest, [&](const store::NotificationView& row) {
    if (!is_visible(row, request.client)) return true;
    has_more = page.count() == request.size || page.bytes() >= limits::page_bytes_max;
    if (!has_more) page.add(row.id, row.event);
    return !has_more;
  });
  seen.page.body = std::move(page).finish(has_more, now);
  seen.needs_touch =
      request.client && store::client_needs_touch(reader, user, *request.client, now);
  return seen;
}

// Nobody waits for this: if it fails, the next catch up tries again.
awaitable<void> touch(Backend& backend, UserId user, ClientId client, Instant now) {
  co_await change(backend, [&](store::Transaction& transaction, Events&) {
    store::touch_client(transaction, user, client, now);
    return Result<void>{};
  });
}

}  // namespace

awaitable<Result<Page>> catch_up(Backend& backend, UserId user, CatchUp request) {
  const Instant now = backend.clock.now();
  auto seen = co_await look(backend, [&](const store::Reader& reader) {
    return read_page(reader, user, request, now, now - backend.retention);
  });
  if (!seen) co_return seen.error();
  if (seen->needs_touch) {
    boost::asio::co_spawn(co_await boost::asio::this_coro::executor,
                          touch(backend, user, *request.client, now), boost::asio::detached);
  }
  co_return std::move(seen->page);
}

awaitable<Result<std::string>> last_notification(Backend& backend, UserId user,
                                                 std::optional<ClientId> client) {
  const Instant oldest = backend.clock.now() - backend.retention;
  co_return co_await look(backend, [&](const store::Reader& reader) -> Result<std::string> {
    Result<std::string> last = Refusal{Reason::not_found};
    store::visit_newest_first(reader, user, oldest, [&](const store::NotificationView& row) {
      if (!is_visible(row, client)) return true;
      last = wire::notification(row.id, row.event);
      return false;
    });
    return last;
  });
}

awaitable<Result<std::string>> one_notification(Backend& backend, UserId user, TimeUuid id,
                                                std::optional<ClientId> client) {
  const Instant oldest = backend.clock.now() - backend.retention;
  co_return co_await look(backend, [&](const store::Reader& reader) -> Result<std::string> {
    const auto row = store::find_notification(reader, user, id, oldest);
    if (!row || !is_visible(*row, client)) return Refusal{Reason::not_found};
    return wire::notification(row->id, row->event);
  });
}

}  // namespace twostep::service
