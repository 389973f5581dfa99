#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "bench/macro/audit.hpp"
#include "bench/macro/traffic.hpp"
#include "conformance/support/conversation.hpp"
#include "conformance/support/device.hpp"
#include "conformance/support/target.hpp"

/// Who takes part in a run, and what each has got. Setup, and reading back: nothing here is measured.
///
/// Errors     What cannot be set up is a `conformance::SetupFailed`.
namespace twostep::bench {

/// A conversation of fresh users with one client each.
struct Cast {
  conformance::Device sender;
  std::vector<conformance::Device> recipients;
  conformance::Conversation chat;
};

/// The target that users are made on from here on.
void set_target(const conformance::Target& target);

std::vector<Cast> make_casts(std::size_t conversations, std::size_t recipients);

/// `/v9/notifications?…` for this client; `since` may be empty.
std::string page_target(const conformance::Device& device, const std::string& since,
                        std::size_t size);

/// The client's pointer: its newest notification, or "" if it has none.
std::string newest(const conformance::Device& device);

/// Everything after `since`, page by page. Events that are no messages are left out.
std::vector<Received> catch_up(Traffic& traffic, const Endpoint& http,
                               const conformance::Device& device, std::string since);

/// The messages of a page, or of one frame of a websocket.
std::vector<Received> messages_in_page(const std::string& body);
std::vector<Received> messages_in_frame(const std::string& frame);

/// The text of message `number`: at least `message_bytes_min`, and the number is the first of it.
std::string message_text(std::size_t number, std::size_t bytes);
inline constexpr std::size_t message_bytes_min = 13;

/// The bytes of a send to all recipients of a cast. They are made once; of one message to the next only
/// the number in each ciphertext changes.
class SendTemplate {
 public:
  SendTemplate(const Endpoint& http, const Cast& cast, std::size_t bytes);

  std::string with_number(std::size_t number) const;

 private:
  std::string request_;
  std::vector<std::size_t> number_at_;
};

}  // namespace twostep::bench
