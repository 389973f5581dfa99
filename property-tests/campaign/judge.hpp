#pragma once

#include "property-tests/campaign/stage.hpp"

/// What must be true of every run, whatever happened in it. Judged at the end, when everything is quiet, by
/// what is in the inboxes.
///
/// Source     The clauses that the violations name; what is theirs alone is under "rules" in the README.
namespace twostep::properties {

/// Reads every inbox. Everything in one is a message to its owner, or a known kind of event. What was swept
/// away is in it, too.
Inboxes read_inboxes(Stage& stage);

/// Reads what one inbox has before this time, and is not in `into` yet.
void read_rows(Stage& stage, std::size_t person, Instant before, std::vector<Kept>& into);

/// Acknowledged messages are in the inboxes of exactly their recipients, refused ones nowhere, and those
/// without a known outcome everywhere or nowhere.
void judge_messages(Stage& stage, const Inboxes& inboxes);

/// No id was given twice, and in every inbox ids follow the order in which messages were acknowledged.
void judge_ids(Stage& stage, const Inboxes& inboxes);

/// Whoever is a member of a conversation found what changed in it.
void judge_changes(Stage& stage, const Inboxes& inboxes);

/// Whoever followed a pointer took in the whole inbox, in order, and nothing else.
void judge_walks(Stage& stage, const Inboxes& inboxes);

/// Every socket told a piece of the inbox without a hole, from where it began to where it ended; and what is
/// in no inbox, once.
void judge_sockets(Stage& stage, const Inboxes& inboxes);

/// Whom the push gateway heard of, whom it did not, and what became of dead tokens.
void judge_pushes(Stage& stage, const Inboxes& inboxes);

}  // namespace twostep::properties
