#include "impl/federation/inbound_rules.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "impl/federation/limits.hpp"
#include "impl/service/peers.hpp"
#include "impl/wire/ascii.hpp"

namespace twostep::federation {
namespace {

constexpr std::string_view prefix = "/federation/";

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= limits::procedure_chars_max &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return wire::is_digit(c) || wire::is_alpha(c) || c == '-' || c == '_';
         });
}

std::vector<std::string_view> values_of(std::string_view name, const RequestHead& head) {
  std::vector<std::string_view> values;
  for (const auto& field : head.fields) {
    if (field.first == name) values.push_back(field.second);
  }
  return values;
}

// None, or more than one, is no origin: somebody in between may have read the other one.
std::optional<Domain> origin_of(const RequestHead& head) {
  const auto values = values_of("wire-origin-domain", head);
  return values.size() == 1 ? Domain::parse(values.front()) : std::nullopt;
}

// A caller that says nothing speaks ours: it has asked which there are.
bool speaks_our_version(const RequestHead& head) {
  const auto values = values_of("x-wire-api-version", head);
  return std::all_of(values.begin(), values.end(),
                     [](std::string_view value) { return value == service::peer_api_version; });
}

}  // namespace

Result<Admitted> admit(const RequestHead& head, const PeerList& peers, const Proves& proves) {
  const std::string_view target = head.target;
  const auto query = target.find('?');
  auto path = target.substr(0, query);
  if (!path.starts_with(prefix)) return Refusal{Reason::no_endpoint};
  path.remove_prefix(prefix.size());
  const auto slash = path.find('/');
  if (slash == path.npos || path.find('/', slash + 1) != path.npos || slash == 0 ||
      slash + 1 == path.size()) {
    return Refusal{Reason::no_endpoint};
  }
  const auto component = path.substr(0, slash);
  const auto rpc = path.substr(slash + 1);
  // A segment of dots leads elsewhere for whoever normalises; here it leads nowhere.
  if (component.find_first_not_of('.') == component.npos ||
      rpc.find_first_not_of('.') == rpc.npos) {
    return Refusal{Reason::no_endpoint};
  }
  if (!is_name(component) || !is_name(rpc)) {
    return Refusal{Reason::bad_request, "no name of a procedure"};
  }
  if (head.method != "POST" || query != target.npos) return Refusal{Reason::invalid_endpoint};

  const bool asks_which = component == "brig" && rpc == "api-version";
  if (!asks_which && !speaks_our_version(head)) return Refusal{Reason::unsupported_version};

  const auto origin = origin_of(head);
  if (!origin) return Refusal{Reason::bad_request, "Wire-Origin-Domain is not one domain"};
  if (!proves(*origin)) {
    return Refusal{Reason::peer_authentication_failure,
                   "The certificate does not name " + origin->text()};
  }
  if (!peers.find(*origin)) {
    return Refusal{Reason::federation_denied, origin->text() + " is not a backend we talk to"};
  }
  return Admitted{.origin = *origin, .component = std::string{component}, .rpc = std::string{rpc}};
}

}  // namespace twostep::federation
