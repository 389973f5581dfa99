#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "impl/core/ids.hpp"
#include "impl/core/result.hpp"
#include "impl/wire/fields.hpp"

/// Where a list goes on: the last name of the page before, opaque to clients.
///
/// Shape      `<domain>/<uuid>`; empty at the beginning.
/// Errors     Text that no page came with is `bad_request`.
/// Threads    Pure functions.
/// Source     specs/06-conversations.md (CNV), lists.
namespace twostep::wire {

template <class Id>
std::string paging_state(const std::optional<Qualified<Id>>& last) {
  return last ? last->domain.text() + '/' + last->id.text() : std::string{};
}

namespace read {

template <class Id>
struct PagingState {
  Result<std::optional<Qualified<Id>>> operator()(const Json& value) const {
    const auto* text = value.get_ptr<const std::string*>();
    if (!text) return refused();
    if (text->empty()) return std::optional<Qualified<Id>>{};
    const auto slash = text->find('/');
    if (slash == std::string::npos) return refused();
    const std::string_view name{*text};
    auto backend = Domain::parse(name.substr(0, slash));
    const auto id = Id::parse(name.substr(slash + 1));
    if (!backend || !id) return refused();
    return std::optional{Qualified<Id>{*std::move(backend), *id}};
  }

 private:
  static Refusal refused() { return {Reason::bad_request, "no page ended here"}; }
};

}  // namespace read
}  // namespace twostep::wire
