#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "impl/core/result.hpp"
#include "impl/service/ports.hpp"
#include "impl/store/inbox.hpp"
#include "impl/store/store.hpp"

/// One change to the backend: rows and events together, or neither.
///
/// Every request that changes anything goes through here. Events are stored in inboxes by the same
/// transaction as the rows they tell of, and step two hears of them after the commit: so nobody is
/// told of what did not happen, and nothing that happened is missing from an inbox.
///
/// Threads    A change is decided on the store's thread; see `store::Write`.
/// Source     specs/01-send.md (SND), specs/02-deliver.md (DLV).
namespace twostep::service {

/// The events of one change.
class Events {
 public:
  Events(Backend& backend, Instant began);

  /// How a notification may reach a client that has no websocket.
  enum class Push { none, high, low };

  /// Stores an event and remembers to ring for it.
  void add(store::Transaction& transaction, store::NewNotification notification,
           Push push = Push::none);

  void start_again();  ///< Forgets everything: the transaction is being decided anew.
  void ring();         ///< After the commit.

 private:
  Backend& backend_;
  Instant began_;  ///< When the request was accepted; the id's time under the wall-clock policy.
  std::vector<Doorbell> doorbells_;
};

/// What a failed write means to the one who asked for it.
Refusal refusal_of(store::StoreError error);

/// Decides and commits one change.
///
/// `decide` is called as `Result<T>(store::Transaction&, Events&)`, perhaps more than once. It
/// refuses before it writes anything: a refused change leaves no trace.
template <class Decide>
auto change(Backend& backend, Decide decide)
    -> boost::asio::awaitable<decltype(decide(std::declval<store::Transaction&>(),
                                              std::declval<Events&>()))> {
  using Outcome = decltype(decide(std::declval<store::Transaction&>(), std::declval<Events&>()));
  Events events{backend, backend.clock.now()};
  std::optional<Outcome> outcome;
  store::Write write{[&](store::Transaction& transaction) {
                       events.start_again();
                       outcome.emplace(decide(transaction, events));
                     },
                     [&] { events.ring(); }};
  const auto written = co_await backend.store.write(std::move(write));
  if (!written) co_return refusal_of(written.error());
  co_return std::move(*outcome);
}

/// Looks at one snapshot: `look_at` is called once, as `Result<T>(const store::Reader&)`.
template <class Look>
auto look(Backend& backend, Look look_at)
    -> boost::asio::awaitable<decltype(look_at(std::declval<const store::Reader&>()))> {
  using Seen = decltype(look_at(std::declval<const store::Reader&>()));
  std::optional<Seen> seen;
  const auto read = co_await backend.store.read(
      [&](const store::Reader& reader) { seen.emplace(look_at(reader)); });
  if (!read) co_return refusal_of(read.error());
  co_return std::move(*seen);
}

}  // namespace twostep::service
