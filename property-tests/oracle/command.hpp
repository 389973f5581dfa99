#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "model/message.hpp"
#include "model/worlds/stage.hpp"
#include "property-tests/oracle/cast.hpp"

/// One command, as both worlds carry it out.
namespace twostep::properties::oracle {

struct Command {
  enum class What {
    send,
    catch_up,
    connect,
    hang_up,
    add_client,
    remove_client,
    add_member,
    remove_member,
    add_push_token,
    crash,
    start,
  };

  What what = What::send;
  std::size_t device = 0;  ///< Whose command it is.
  std::size_t talk = 0;    ///< Of a message, or of a member.
  std::size_t person = 0;  ///< The member.
  std::size_t site = 0;    ///< Of `crash` and `start`.

  std::size_t number = 0;  ///< Of the message.
  model::Message
      message{};  ///< Ciphertexts are `payload_of(number, device)`; shared is `number + 1`, or 0.

  /// What happens to every call of this kind on its way between two backends, meanwhile.
  struct Mishap {
    model::BackendId from;
    model::BackendId to;
    model::Call::Kind kind;
    bool is_answer = false;  ///< It is the answer that is lost.
  };
  std::optional<Mishap> mishap{};

  std::optional<std::size_t> since{};  ///< A place in the inbox; one that is not there is unknown.
  std::size_t size = 0;                ///< Of the page.
  bool whole_inbox = false;            ///< A catch-up or a socket without a client.
};

/// No inbox becomes as large: a pointer that nobody knows.
constexpr std::size_t place_of_nothing = 999'999;

/// The ciphertext for a device, and what all recipients share.
std::string ciphertext(std::size_t message, const Device& device);
std::string shared_data(std::size_t message);

std::string_view text_of(model::Call::Kind kind);

std::string text_of(const Cast& cast, const Command& command);

}  // namespace twostep::properties::oracle
