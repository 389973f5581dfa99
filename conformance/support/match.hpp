#pragma once

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "conformance/support/address.hpp"
#include "conformance/support/http.hpp"

/// Matchers for replies, in the words of the clauses. Each explains what was seen instead.
///
///     EXPECT_THAT(reply, Acknowledged());
///     EXPECT_THAT(reply, RefusedForMissing({bob, tablet}));
///     EXPECT_THAT(reply, IsError(404, "no-conversation"));
///     EXPECT_THAT(reply, HasStatus(AnyOf(400, 404)));
namespace twostep::conformance {

using ReplyMatcher = ::testing::Matcher<const Reply&>;

ReplyMatcher HasStatus(::testing::Matcher<int> status);
ReplyMatcher HasLabel(::testing::Matcher<std::string> label);

/// Status and label, and an error body with `code`, `label` and `message`.
ReplyMatcher IsError(int status, const std::string& label);

/// An error about a call of this peer that failed: an error body with `data` that names its domain (FED-66).
ReplyMatcher IsFederationError(const std::string& domain);

/// Any status from 400 to 499.
ReplyMatcher IsClientError();

/// 201 with a sending status in which `missing` is empty.
ReplyMatcher Acknowledged();

/// 412 with a sending status whose `missing` is exactly these clients.
ReplyMatcher RefusedForMissing(const std::vector<Address>& missing);

/// A sending status (201 or 412) whose map is exactly these clients.
ReplyMatcher Missing(const std::vector<Address>& clients);
ReplyMatcher Redundant(const std::vector<Address>& clients);
ReplyMatcher Deleted(const std::vector<Address>& clients);

ReplyMatcher FailedToSend(const std::vector<Address>& clients);

/// The clients in one map of a sending status, sorted: `clients_in(reply, "missing")`.
std::vector<Address> clients_in(const Reply& reply, const std::string& map);

}  // namespace twostep::conformance
