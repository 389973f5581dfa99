#pragma once

#include <boost/container/flat_map.hpp>
#include <boost/container/flat_set.hpp>
#include <string>

#include "impl/core/ids.hpp"

/// Clients of many users of many backends, grouped as the wire groups them.
///
/// Shape      Domain, then user, then client, ascending. Sorted arrays and not trees: a
/// conversation
///            has thousands of clients, which are built once, in order, and then walked side by
///            side. Build them in ascending order (`emplace_hint` at the end); in random order each
///            insertion moves what stands behind it.
/// Threads    Plain values.
namespace twostep {

using Users = boost::container::flat_map<Domain, boost::container::flat_set<UserId>>;

using ClientSet = boost::container::flat_set<ClientId>;
using ClientsOfUsers = boost::container::flat_map<UserId, ClientSet>;
using Clients = boost::container::flat_map<Domain, ClientsOfUsers>;

/// What each client is to get: octets that only it can read.
using Ciphertexts = boost::container::flat_map<ClientId, std::string>;
using CiphertextsOfUsers = boost::container::flat_map<UserId, Ciphertexts>;
using Recipients = boost::container::flat_map<Domain, CiphertextsOfUsers>;

}  // namespace twostep
