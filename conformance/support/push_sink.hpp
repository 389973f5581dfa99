#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "conformance/support/json.hpp"
#include "conformance/support/patience.hpp"

/// The suite's push gateway.
///
/// The target knows one gateway address, so one process of the suite listens there for all tests
/// and tells them apart by token. A test takes fresh tokens, says how the gateway answers for each,
/// and looks at what arrived.
///
///     auto gateway = PushSink::under_test();          // not covered without `push`
///     auto token = gateway.token();                   // accepted until told otherwise
///     bob.register_push_token({token});
///     alice.must_send(chat, {{bob, "hello"}});
///     EXPECT_EQ(gateway.wait_for(token).size(), 1u);
///
/// Source     API §9; the gateway's request is described in specs (DLV, WIR).
namespace twostep::conformance {

enum class PushAnswer {
  accept,  ///< 200
  gone,    ///< 410: the token is dead
  fail,    ///< 500
  hang,    ///< Takes the request and does not answer until told otherwise.
};

/// One request that reached the gateway.
struct Push {
  std::string token;
  Json body;
};

class PushSink {
 public:
  static PushSink under_test();

  /// A token that no other test has.
  std::string token() const;

  /// From now on, and to what hangs already.
  void answer(const std::string& token, PushAnswer answer) const;

  /// Waits until `at_least` pushes have arrived for the token; gives all that have arrived when
  /// that is so, or when the deadline has passed.
  std::vector<Push> wait_for(const std::string& token, std::size_t at_least = 1) const;

  /// What has arrived by now.
  std::vector<Push> arrived(const std::string& token) const;
};

}  // namespace twostep::conformance
