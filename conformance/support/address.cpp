#include "conformance/support/address.hpp"

#include "conformance/support/bytes.hpp"
#include "conformance/support/outcome.hpp"

namespace twostep::conformance {

std::uint64_t client_number(const std::string& client) {
  const auto number = from_hex(client);
  if (!number) throw SetupFailed("\"" + client + "\" is no client id");
  return *number;
}

void PrintTo(const QualifiedId& id, std::ostream* out) { *out << id.id << '@' << id.domain; }

void PrintTo(const Address& address, std::ostream* out) {
  *out << "client " << address.client << " of ";
  PrintTo(address.user, out);
}

}  // namespace twostep::conformance
