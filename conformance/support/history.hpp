#pragma once

#include <fstream>
#include <mutex>
#include <string>
#include <vector>

#include "conformance/support/json.hpp"
#include "conformance/support/patience.hpp"

/// What a test did and saw, written to disk as it happens, before anything is judged.
///
/// Shape      One JSON object per line. `kind` is `http`, `frame`, `push`, `process` or `note`;
/// `at_ms`
///            is when it was complete and `begun_ms` when it began, from one monotonic clock that
///            starts with the test. Bodies that are not UTF-8 are base64 under `…_base64`, long
///            ones are cut. Passwords, cookies and tokens are redacted.
/// Threads    `add` may be called from any thread.
namespace twostep::conformance {

class History {
 public:
  explicit History(const std::string& file);

  void add(Json entry);

 private:
  std::mutex mutex_;
  std::ofstream out_;
  Clock::time_point begun_ = Clock::now();
};

/// Milliseconds between a moment and now, for `begun_ms`.
Json ago(Clock::time_point moment);

/// Puts a body into an entry, as text if it is UTF-8 and as base64 if not.
void put_body(Json& entry, const std::string& key, const std::string& body);

/// The same text without what must not be in a report: passwords, cookies, tokens.
std::string redacted(const std::string& text);

/// All entries of a history file.
std::vector<Json> read_history(const std::string& file);

}  // namespace twostep::conformance
