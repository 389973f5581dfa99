#pragma once

#include <map>
#include <memory>
#include <string>

#include "conformance/support/http.hpp"
#include "conformance/support/target.hpp"
#include "conformance/support/websocket.hpp"
#include "property-tests/live/command.hpp"
#include "property-tests/live/observer.hpp"

/// One of the two servers: does what a command says, and says what was seen.
///
/// Errors     What goes wrong at the server is an observation. A command that cannot be carried out at any
///            server (a socket that was never opened) is an observation too, the same at both.
/// Threads    One.
namespace twostep::live {

class Side {
 public:
  /// @param run  what makes the addresses of this run fresh; everything is forgotten with the object.
  Side(conformance::Target target, std::string run);

  Json perform(const Command& command);

 private:
  struct OpenSocket {
    std::string reader;
    conformance::Socket socket;
    std::size_t shown = 0;  ///< So many frames were shown before.
  };

  Json request(const Command& command);
  Json pages(const Command& command);
  Json open(const Command& command);
  Json frames(OpenSocket& open);
  conformance::Reply send(const Command& command, const Json& body);
  void learn(const Command& command, const conformance::Reply& reply);
  bool put_up_fence(OpenSocket& open);

  conformance::Target target_;
  conformance::HttpClient http_;
  Names names_;
  Observer observer_{names_};
  std::map<std::string, std::string> tokens_ = {};
  std::map<std::string, std::string> cookies_ = {};
  std::map<std::string, OpenSocket> sockets_ = {};
  int fences_ = 0;
};

/// The e-mail address and the password that a user of this name has in every run, before names are filled in.
std::string address_of(const std::string& user);
std::string password_of(const std::string& user);

/// A message in protobuf. Shape: `{"sender", "to": [[user, client, ciphertext], …], "strategy", "users",
/// "transient", "native_push", "blob", "native_priority", "cut": octets left out at the end}`; in the older
/// form `users` is the list `report_missing` of the body, and there is no strategy.
std::string message_bytes(const Json& message, const std::string& domain, bool older);

}  // namespace twostep::live
