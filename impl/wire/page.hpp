#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "impl/core/time_uuid.hpp"

/// Notifications as catching up returns them.
///
/// Shape      A notification is `{"id":"<time-UUID>","payload":[<event>]}`, a page
///            `{"notifications":[…],"has_more":<bool>,"time":"<to the second>"}`. Events are
///            spliced in as the JSON bytes that are stored; nothing is parsed.
/// Threads    Plain values.
/// Source     specs/03-catch-up.md (CUP), specs/07-wire.md (WIR).
namespace twostep::wire {

std::string notification(const TimeUuid& id, std::string_view event);

/// Collects a page, oldest first. How much fits is its caller's decision.
class PageWriter {
 public:
  PageWriter();

  void add(const TimeUuid& id, std::string_view event);

  std::size_t count() const { return count_; }
  std::size_t bytes() const { return page_.size(); }  ///< Of the page as far as it is written.

  /// The page. Ends this writer.
  std::string finish(bool has_more, Instant time) &&;

 private:
  std::string page_;
  std::size_t count_ = 0;
};

}  // namespace twostep::wire
