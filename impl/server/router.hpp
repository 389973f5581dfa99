#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "impl/core/result.hpp"
#include "impl/server/http.hpp"

/// Which handler a request is for: from the request target to a route.
///
/// Shape      A path is split at its slashes before it is percent-decoded, and decoded once: `%2F`
///            never makes a new segment, `..` is a segment like any other, and a trailing slash is
///            an empty one, which no route has.
/// Threads    Immutable after construction.
/// Source     specs/07-wire.md (WIR), "Versions" and "Paths"; RFC 3986 section 2.1.
namespace twostep::server {

/// The one version of the API that is served, with its prefix `/v9`. Without a prefix the same
/// endpoints are served, with version 0 where an endpoint differs by version.
inline constexpr int api_version = 9;

/// A request target, taken apart.
struct Target {
  int version = 0;                    ///< 0: there was no prefix.
  std::vector<std::string> segments;  ///< Without the version prefix.
  std::vector<std::pair<std::string, std::string>> query;

  std::string path() const;
};

/// Reads the target of a request line, in origin form.
///
/// Errors     `bad_request`: not a target, a broken percent-escape, an encoded NUL, or too many
///            parameters; `unsupported_version`: a `/vN` that is not served, or one before `/i`.
Result<Target> read_target(std::string_view text);

/// What is found for a method and a path.
struct Match {
  const Route* route = nullptr;       ///< None: see `allow`.
  std::vector<std::string> captures;  ///< What the `:name` segments matched, in order.
  std::string
      allow;  ///< Without a route: the methods this path has; empty if there is no such path.
};

class Router {
 public:
  /// Requires   No two routes with the same method and the same pattern.
  explicit Router(Routes routes);

  /// A literal segment is preferred to a `:name`: `/notifications/last` is not an id.
  /// HEAD finds the route of GET.
  Match find(std::string_view method, const std::vector<std::string>& segments) const;

 private:
  struct Entry {
    Route route;
    std::vector<std::string> segments;  ///< Of the pattern.
  };

  std::vector<Entry> entries_;  ///< Preferred ones first.
};

}  // namespace twostep::server
