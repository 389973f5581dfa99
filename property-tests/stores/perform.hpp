#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <string>

#include "impl/store/store.hpp"
#include "property-tests/stores/edit.hpp"
#include "property-tests/stores/model.hpp"

/// What the model is compared with: the same changes and questions, through the tables of `impl/store`.
///
/// Errors     std::logic_error if two ways to ask for the same row do not agree.
/// Threads    Functions over a reader or a transaction.
namespace twostep::properties::stores {

/// Thrown by a change that gives up.
struct GaveUp {};

/// Throws what the change throws.
Said perform(store::Transaction& rows, const Ids& ids, const Change& change);

State look(const store::Reader& rows);

std::string answer(const store::Reader& rows, const Question& question);

/// Expiry, from the first inbox to the last.
boost::asio::awaitable<store::StoreResult<std::size_t>> forget(store::Store& store, Instant oldest);

}  // namespace twostep::properties::stores
