#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "conformance/support/json.hpp"

/// The description of a backend under test.
///
/// Shape      JSON, see conformance/README.md. A key that is not known is an error: a misspelt
///            capability would otherwise go unnoticed as "not covered".
/// Errors     `parse_target` and `read_target` throw `TargetError` with a sentence for the
/// operator.
namespace twostep::conformance {

struct TargetError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Account {
  std::string email;
  std::string password;
};

struct Accounts {
  enum class How { registration, internal, list };
  How how = How::registration;
  std::string url = {};             ///< Of the internal endpoint.
  std::vector<Account> users = {};  ///< Of the list; each is given to one test.
};

/// Where the target reaches a part that the suite plays.
struct Endpoint {
  std::string host;
  int port = 0;
};

/// An authority that the target trusts, with its key: files.
struct Authority {
  std::string certificate;
  std::string key;
};

struct Federation {
  std::string profile = "m1";
  std::string url;                          ///< The target's own listener for its peers.
  std::string peers_pattern;                ///< For instance "*.peers.test".
  std::optional<Endpoint> peers_listen;     ///< Where the target finds all of them.
  std::optional<Authority> authority = {};  ///< With it, calls are over TLS.
};

struct ProcessCommands {
  std::string kill;
  std::string start;
};

/// A test or clause that is known to fail on this target.
struct KnownFailure {
  std::string clause = {};  ///< "SND-32", or
  std::string test = {};    ///< "Snd32.TheLastMemberCounts".
  std::string reason;
  std::string link;
};

struct Target {
  std::string name;
  std::string domain;
  int api_version = 9;
  std::string http;
  std::string websocket;
  Accounts accounts = {};
  std::optional<Federation> federation = {};
  std::optional<Endpoint> push_listen = {};
  std::optional<ProcessCommands> process = {};
  std::string folder = ".";  ///< Where `process` commands run: that of the target file.
  std::vector<KnownFailure> known_failures = {};
};

Target parse_target(const Json& json);
Target read_target(const std::string& file);

/// Fills in the rest for `--http`, `--ws` and `--domain`.
Target quick_target(const std::string& http, const std::string& websocket,
                    const std::string& domain);

}  // namespace twostep::conformance
