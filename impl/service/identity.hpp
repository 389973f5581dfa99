#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "impl/core/result.hpp"
#include "impl/service/ports.hpp"

/// Whose rows these are. Every name in the store is a name on one domain: under another one they would
/// all mean something else.
///
/// Source     specs/07-wire.md (WIR), qualified ids.
namespace twostep::service {

/// The domain that the store was first used with, which is this backend's if it never was.
boost::asio::awaitable<Result<std::string>> domain_of_rows(Backend& backend);

}  // namespace twostep::service
