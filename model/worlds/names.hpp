#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/message.hpp"

/// The cast (specs/glossary.md), and what it calls things.
///
/// Shape      Backends are A, B, C; their servers A1, A2; users have the names of the glossary, and a
///            second client of alice is `alice/2`. Messages are m1, m2, by the payloads of a stage.
namespace twostep::model {

std::string name(BackendId backend);
std::string name(BackendId backend, NodeId node);
std::string name(UserId user);
std::string name(const Client& client);
std::string names(const std::vector<UserId>& users);
std::string names(const std::vector<Client>& clients);
std::string name(Verdict verdict);

std::optional<BackendId> backend_named(std::string_view name);
std::optional<UserId> user_named(std::string_view name);
std::optional<Client> client_named(std::string_view name);

/// The answer to a send, as the sender sees it.
std::string text(const Outcome& outcome);

}  // namespace twostep::model
