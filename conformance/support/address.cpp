#include "conformance/support/address.hpp"

#include "conformance/support/bytes.hpp"
#include "conformance/support/outcome.hpp"

namespace twostep::conformance {

std::uint64_t client_number(const std::string& client) {
  const auto number = from_hex(client);
  if (!number) throw SetupFailed("\"" + client + "\" is no client id");
  return *number;
}

void to_json(Json& json, const QualifiedId& id) {
  json = Json::object({{"id", id.id}, {"domain", id.domain}});
}

void from_json(const Json& json, QualifiedId& id) {
  const auto text = [&](const char* member) {
    const auto value = part(json, std::string{"/"} + member);
    return value.is_string() ? value.get<std::string>() : "";
  };
  id = {text("id"), text("domain")};
}

void PrintTo(const QualifiedId& id, std::ostream* out) { *out << id.id << '@' << id.domain; }

void PrintTo(const Address& address, std::ostream* out) {
  *out << "client " << address.client << " of ";
  PrintTo(address.user, out);
}

}  // namespace twostep::conformance
