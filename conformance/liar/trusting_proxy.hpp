#pragma once

#include "conformance/liar/proxy.hpp"

/// Federation without proof: stands between backends that prove by certificates who they are, and believes
/// everybody.
///
/// Shape      Holds the authority's key, and so can pass for anybody. It asks no caller for a certificate and
///            calls on with one for whatever domain the caller claims; it presents itself as whichever peer
///            is called, and calls on without looking at that peer's certificate.
/// Errors     A side that cannot be reached or breaks off ends the connection of the other.
/// Threads    A thread per connection; `serve_trusting` blocks.
namespace twostep::conformance::liar {

struct AuthorityFiles {
  std::string certificate;
  std::string key;
};

/// To be called once, before any serving.
void set_authority(const AuthorityFiles& files);

[[noreturn]] void serve_trusting(const Endpoint& listen, const Endpoint& target,
                                 const Fault& fault);

}  // namespace twostep::conformance::liar
