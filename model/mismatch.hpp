#pragma once

#include <vector>

#include "model/message.hpp"

/// Who receives a message, and who is missing, redundant and deleted.
///
/// Source     specs/01-send.md: the sets at its beginning, and SND-12 to SND-27.
namespace twostep::model {

struct Mismatch {
  std::vector<Addressed> valid;
  std::vector<Client> missing;  ///< As the strategy leaves it.
  std::vector<Client> redundant;
  std::vector<Client> deleted;
};

/// `participants` are the members whose clients are known, `clients` are these; both sorted.
Mismatch compare(const Message& message, const std::vector<UserId>& participants,
                 const std::vector<Client>& clients);

}  // namespace twostep::model
