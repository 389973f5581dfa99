#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "conformance/support/peer_script.hpp"

namespace twostep::conformance {

/// What a peer knows of its own users, and so what a correct backend in its place would answer.
///
/// Threads    Any.
/// Source     API §10.3.
class PeerDirectory {
 public:
  explicit PeerDirectory(std::string domain) : domain_(std::move(domain)) {}

  void add_user(const std::string& user, const std::string& name);
  void add_client(const std::string& user, const std::string& client);

  /// The body of a truthful answer; null for calls to which there is none.
  Json truth(const Call& call) const;

 private:
  struct KnownUser {
    std::string name;
    std::map<std::string, Json> prekey_by_client = {};
  };

  Json clients_of(const Json& users) const;
  Json profiles_of(const Json& users) const;
  Json prekeys_of(const Json& wanted) const;

  const std::string domain_;
  mutable std::mutex mutex_;
  std::map<std::string, KnownUser> users_;
};

}  // namespace twostep::conformance
