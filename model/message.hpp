#pragma once

#include <optional>
#include <vector>

#include "model/ids.hpp"

/// A message on its way, and what becomes of it.
///
/// Source     specs/01-send.md.
namespace twostep::model {

/// A client and the ciphertext meant for it alone (SND-11).
struct Addressed {
  Client client;
  Payload ciphertext;
  friend auto operator<=>(const Addressed&, const Addressed&) = default;
};

/// Which missing clients make the owner refuse a message (SND-19, SND-24, SND-25, SND-26).
struct Strategy {
  enum class Kind : std::uint8_t { report_all, ignore_all, report_only, ignore_only };
  Kind kind = Kind::report_all;
  std::vector<UserId> users;  ///< Of the two that name users; need not be members (SND-27).
  friend auto operator<=>(const Strategy&, const Strategy&) = default;
};

/// The parameters and the list of the older form of sending, as far as they are there.
struct OlderStrategy {
  /// `true`, `false`, or a list of users.
  struct Parameter {
    enum class Kind : std::uint8_t { yes, no, list };
    Kind kind = Kind::yes;
    std::vector<UserId> users{};
  };
  std::optional<std::vector<UserId>> report_missing_in_body{};
  std::optional<Parameter> ignore_missing{};
  std::optional<Parameter> report_missing{};
};

/// What the older form asks for: the body wins, then `ignore_missing`, then `report_missing`
/// (SND-39 to SND-42).
Strategy strategy_of(const OlderStrategy& older);

struct Message {
  ConversationId conversation{};
  Client sender{};
  std::vector<Addressed> recipients{};  ///< Sorted by client, none twice; see `last_of_each`.
  Strategy strategy{};
  Payload shared{};         ///< The same for every recipient client (DLV-15).
  Time time = 0;            ///< Set by the owner when it decides (SND-08).
  bool transient = false;   ///< On open sockets only (DLV-16).
  bool native_push = true;  ///< May wake phones (DLV-17).
  friend auto operator<=>(const Message&, const Message&) = default;
};

/// The recipients of a request that may name one client several times: the last counts (SND-29).
std::vector<Addressed> last_of_each(std::vector<Addressed> as_on_the_wire);

/// How a send ends for the one who asked.
enum class Verdict : std::uint8_t {
  accepted,         ///< 201 (SND-01).
  clients_missing,  ///< 412: nobody gets it (SND-20).
  no_conversation,  ///< 404, also for a sender who is not a member (SND-33).
  unknown_client,   ///< 403 (SND-34).
  peer_failed,      ///< A federation error: nobody gets it (S13; FED-20, FED-37).
  store_failed,     ///< 500: nobody gets it.
};

/// The sending status (SND-07). Every list is sorted.
struct Status {
  Time time = 0;
  std::vector<Client> missing;
  std::vector<Client> redundant;
  std::vector<Client> deleted;
  std::vector<Client> failed_to_send;  ///< Their backend did not say that it has stored (FED-25).
  std::vector<Client> failed_to_confirm;  ///< Taken on trust (profile `queued`).
  std::vector<UserId> out_of_reach;       ///< Members neither asked for nor addressed (`queued`).
  friend auto operator<=>(const Status&, const Status&) = default;
};

/// Why a call to a peer failed, in the words of whoever made the call; the model only passes it on.
using Failure = std::uint32_t;

struct Outcome {
  Verdict verdict = Verdict::accepted;
  Status status{};          ///< Of `accepted` and `clients_missing`.
  BackendId failed_peer{};  ///< Of `peer_failed`.
  Failure failure = 0;      ///< Of `peer_failed`.
  friend auto operator<=>(const Outcome&, const Outcome&) = default;
};

}  // namespace twostep::model
