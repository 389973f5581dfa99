#pragma once

#include <functional>
#include <string>

#include "impl/core/ids.hpp"
#include "impl/core/result.hpp"
#include "impl/federation/http_message.hpp"
#include "impl/federation/peer_list.hpp"

/// Which calls are let in, by their head alone.
///
/// Shape      `POST /federation/<component>/<rpc>`, nothing else: paths are compared as they came, so
///            there is nothing to normalise and no second way to write one. `Wire-Origin-Domain`
///            once, a domain in any case of letters.
/// Errors     In this order: `no_endpoint` for another path, `bad_request` for a component or
///            procedure that cannot be a name, `invalid_endpoint` for another method or a query,
///            `unsupported_version` for an `X-Wire-API-Version` that is not ours,
///            unless the call asks which there are;
///            `bad_request` for no or no single origin, `peer_authentication_failure` if the caller
///            cannot prove to be it, `federation_denied` if it is no peer of ours.
/// Threads    Pure functions.
/// Source     specs/09-federation.md (FED).
namespace twostep::federation {

struct Admitted {
  Domain origin;
  std::string component;
  std::string rpc;
};

/// Whether the caller can prove to be this domain.
using Proves = std::function<bool(const Domain&)>;

Result<Admitted> admit(const RequestHead& head, const PeerList& peers, const Proves& proves);

}  // namespace twostep::federation
