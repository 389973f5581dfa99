#pragma once

#include <string>
#include <string_view>

#include "conformance/support/caller.hpp"
#include "conformance/support/conversation.hpp"
#include "conformance/support/device.hpp"
#include "conformance/support/user.hpp"

/// The backend under test, and the way into everything else:
///
///     auto backend = Backend::under_test();
///     auto alice = backend.user("alice").device();
///     auto bob = backend.user("bob").device();
///     auto chat = conversation_of({alice, bob});
///
///     const auto reply = alice.send(chat, {{bob, "hello"}});
///
///     EXPECT_THAT(reply, Acknowledged());
///     EXPECT_THAT(bob.catch_up().bodies(), ElementsAre("hello"));
///
/// Every test makes fresh users; nothing is shared with another test, and nothing is cleaned up.
namespace twostep::conformance {

class Backend {
 public:
  static Backend under_test();

  /// A fresh, activated user who is logged in. `name` is what the report calls them.
  User user(std::string_view name) const;

  /// A caller without a token.
  Caller anonymous() const;

  const std::string& domain() const;
  const std::string& http_url() const;
  const std::string& websocket_url() const;
  int api_version() const;
};

}  // namespace twostep::conformance
