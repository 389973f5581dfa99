#pragma once

#include <string>
#include <vector>

#include "conformance/support/address.hpp"
#include "conformance/support/device.hpp"
#include "conformance/support/user.hpp"

/// Requests about clients and their keys.
namespace twostep::conformance {

/// A client with the keys it has uploaded.
struct KeyedClient {
  Address address;
  Json prekeys;  ///< The list, without the last-resort key.
  Json last_key;
};

/// Registers a client for its keys. Setup.
KeyedClient client_with_keys(const User& user, int prekeys);

/// Registers a client with this body of `User::device_body`; gives its id. Setup.
std::string must_register(const User& user, const Json& body);

/// Ids of the user's own clients, as listed. Setup.
std::vector<std::string> own_clients(const User& user);

/// Ids in a list of clients, sorted.
std::vector<std::string> client_ids_in(const Json& clients);

/// `/users/<domain>/<id>`
std::string path_of(const QualifiedId& user);

/// Claims one prekey for each of the clients.
Reply claim(const Caller& caller, const std::vector<Address>& clients);

/// The prekey for one client in the answer of `claim`; null if there is none.
Json claimed_for(const Reply& reply, const Address& client);

/// Claims one prekey of one client. Setup.
Json must_claim(const Caller& caller, const Address& client);

/// Ids of the prekeys that a client of the user has left, sorted. Setup.
std::vector<int> prekeys_left(const User& user, const std::string& client);

}  // namespace twostep::conformance
