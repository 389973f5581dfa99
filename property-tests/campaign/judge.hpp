#pragma once

#include <map>
#include <optional>
#include <vector>

#include "property-tests/campaign/stage.hpp"

/// What must be true of every run, whatever happened in it. Judged at the end, when everything is quiet, by
/// what is in the inboxes.
///
/// Source     The clauses that the violations name; what is theirs alone is under "rules" in the README.
namespace twostep::properties {

/// One notification, as the database has it in the end.
struct Kept {
  TimeUuid id;
  ConnectionId origin;
  std::vector<ClientId> targets;
  std::size_t event = 0;
  std::optional<TextOwner> message;  ///< None: it tells of something else.

  bool is_for(ClientId client) const;
};

/// By person.
using Inboxes = std::vector<std::vector<Kept>>;

/// Reads every inbox. Everything in one is a message to its owner, or a known kind of event.
Inboxes read_inboxes(Stage& stage);

/// Acknowledged messages are in the inboxes of exactly their recipients, refused ones nowhere, and those
/// without a known outcome everywhere or nowhere.
void judge_messages(Stage& stage, const Inboxes& inboxes);

/// No id was given twice, and in every inbox ids follow the order in which messages were acknowledged.
void judge_ids(Stage& stage, const Inboxes& inboxes);

/// Whoever followed a pointer took in the whole inbox, in order, and nothing else.
void judge_walks(Stage& stage, const Inboxes& inboxes);

/// Every socket told a piece of the inbox without a hole, from where it began to where it ended.
void judge_sockets(Stage& stage, const Inboxes& inboxes);

/// Whom the push gateway heard of, and whom it did not.
void judge_pushes(Stage& stage, const Inboxes& inboxes);

}  // namespace twostep::properties
