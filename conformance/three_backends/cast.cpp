#include "conformance/three_backends/cast.hpp"

#include <algorithm>
#include <stdexcept>

namespace twostep::conformance {

Cast::Cast() {
  const std::vector<User> users{alice, ann, bob, charlie, chris};
  for (std::size_t i = 0; i < users.size(); ++i) {
    for (std::size_t k = i + 1; k < users.size(); ++k) connect(users[i], users[k]);
  }
  at_a = conversation_of({alice, ann, bob, charlie, chris});
  at_b = conversation_of({bob, alice, ann, charlie, chris});
  at_c = conversation_of({charlie, alice, ann, bob, chris});
}

Recipients Cast::to_all(const Device& sender, const std::string& body) const {
  Recipients recipients;
  for (const auto& device : all) {
    if (device.address() != sender.address()) recipients.push_back({device, body});
  }
  return recipients;
}

std::vector<Address> Cast::at(const Server& server, const Device& without) const {
  std::vector<Address> addresses;
  for (const auto& device : all) {
    const auto address = device.address();
    if (address.user.domain == server.domain() && address != without.address()) {
      addresses.push_back(address);
    }
  }
  std::sort(addresses.begin(), addresses.end());
  return addresses;
}

Inboxes::Inboxes(const Cast& cast) {
  for (const auto& device : cast.all) pointers_.emplace_back(device, device.newest());
}

std::vector<std::string> Inboxes::since(const Device& device) const {
  for (const auto& [known, pointer] : pointers_) {
    if (known.address() == device.address()) return device.catch_up({.since = pointer}).bodies();
  }
  throw std::logic_error("no such device");
}

}  // namespace twostep::conformance
