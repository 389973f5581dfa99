#pragma once

#include <string>
#include <vector>

#include "conformance/support/backend.hpp"

/// Inboxes with many notifications, made quickly.
namespace twostep::conformance {

/// Sends `count` messages to these clients, several at a time. Their bodies are "0", "1", …, each once;
/// in which order they are stored is open. Setup.
void fill(const std::vector<Device>& senders, const Conversation& chat,
          const std::vector<Address>& to, int count);

/// "0" … "count - 1", in the order of text.
std::vector<std::string> numbers(int count);

/// The bodies of all pages of this size, from `since` on, and how many messages each page had.
struct Pages {
  std::vector<std::string> bodies;
  std::vector<std::size_t> sizes;
  bool each_had_more_until_the_last = true;  ///< No page was empty that said there is more.
  std::string newest;                        ///< The pointer after all of them.
};
Pages pages_of(const Device& device, int size, const std::string& since);

}  // namespace twostep::conformance
