#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>

#include "conformance/liar/fault.hpp"
#include "conformance/liar/ledger.hpp"
#include "conformance/liar/sends.hpp"

/// Events as the liar sees them in pages, and what can be made of them.
///
/// Source     specs/03-catch-up.md; specs/openapi/events.yaml.
namespace twostep::conformance::liar {

/// The first event of a notification, which is all it has.
Json& event_in(Json& notification);
const Json& event_in(const Json& notification);

/// Leaves out of a page all events that are told to be dropped.
using IsDropped = std::function<bool(const HttpRequest& request, const Json& event)>;
OnResponse events_dropped(IsDropped is_dropped);

/// Changes every event of one type in a page.
OnResponse events_become(std::string type, std::function<void(Json& event)> change);

/// Every event of one type is in the page a second time, under another id.
OnResponse events_told_twice(std::string type);

/// Drops events of one type that are about the reader: `concerns` says who is. Hears who is who.
OnResponse events_kept_from(
    std::string type, std::function<bool(const Json& event, const std::string& user)> concerns);

/// Adds an event to every page of a test that the liar has marked.
void add_event(Json& page, Json event);

/// What has happened in which test.
class Marks {
 public:
  void set(const HttpRequest& request, const std::string& what = {}) {
    const std::lock_guard lock{mutex_};
    marks_.insert(test_of(request) + ' ' + what);
  }
  bool has(const HttpRequest& request, const std::string& what = {}) const {
    const std::lock_guard lock{mutex_};
    return marks_.contains(test_of(request) + ' ' + what);
  }

 private:
  mutable std::mutex mutex_;
  std::set<std::string> marks_;
};

/// The body of a request; an empty object if it is no JSON object.
Json json_of(const HttpRequest& request);

/// Changes the JSON body of a request.
OnRequest json_becomes(Route route, std::function<void(Json& body)> change);

/// Refusals with one label are turned into a success.
OnResponse refusal_becomes(Route route, std::string label, int status);

/// Both, one after the other.
OnResponse both(OnResponse one, OnResponse other);
OnRequest either(OnRequest one, OnRequest other);

}  // namespace twostep::conformance::liar
