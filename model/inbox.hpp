#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "model/backend.hpp"

/// Catching up: what a client reads from its user's inbox. Reading changes nothing (CUP-20).
///
/// Shape      Oldest first, whatever the size of the pages (CUP-05, CUP-06), of the asking user's inbox
///            alone (CUP-16). A notification is visible to `client` if it is for this client or for
///            all; without `client` everything is visible (CUP-12 to CUP-14).
/// Errors     A user that the backend does not have has an empty inbox.
/// Source     specs/03-catch-up.md.
namespace twostep::model {

struct CatchUp {
  UserId user{};
  std::optional<ClientId> client{};
  /// The client's pointer; exclusive (CUP-03, CUP-04). Without it from the oldest on (CUP-02).
  std::optional<NotificationId> since{};
  std::size_t size = 1000;  ///< At most so many (CUP-09).
};

struct Page {
  bool gap =
      false;  ///< Nothing of this inbox has the id in `since` (CUP-17): nothing else is said.
  bool has_more = false;  ///< Exactly then is more visible (CUP-07, CUP-08).
  std::vector<Notification> notifications{};
  friend auto operator<=>(const Page&, const Page&) = default;
};

Page catch_up(const Backend& backend, const CatchUp& request);

/// The newest that is visible (CUP-25, CUP-26).
std::optional<Notification> last(const Backend& backend, UserId user,
                                 std::optional<ClientId> client);

/// The one with this id, if it is visible (CUP-27).
std::optional<Notification> find(const Backend& backend, UserId user,
                                 std::optional<ClientId> client, NotificationId id);

}  // namespace twostep::model
