#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "impl/core/ids.hpp"
#include "impl/core/message.hpp"
#include "impl/core/result.hpp"
#include "impl/core/time_uuid.hpp"
#include "property-tests/campaign/rules.hpp"
#include "property-tests/world/line.hpp"

/// Who took part in a run, what they asked for, and what they saw. It is written down as it happens and
/// judged at the end.
///
/// Units      A `Moment` is a place in the order of everything that was told; see `Trace::tell`.
namespace twostep::properties {

using Moment = std::uint64_t;

/// Something that is so or not, as far as its users can know: it may be changing, and a change whose answer
/// never came may have happened.
struct Fact {
  bool holds = false;
  bool unsure = false;
  int changing = 0;
  std::uint64_t version = 0;

  bool certain() const { return changing == 0 && !unsure; }
};

struct Person {
  std::size_t site;
  UserId id;
  std::string name;
};

/// A notification as a client saw it, on whatever way.
struct Seen {
  TimeUuid id;
  std::size_t event;                      ///< The hash of its JSON.
  std::optional<Instant> after_gap = {};  ///< What is older may have expired just before it.
};

/// A frame that is stored nowhere.
struct Heard {
  std::string text;  ///< The ciphertext, as the event has it.
};

/// One websocket, from the side of the device.
struct SocketLog {
  std::shared_ptr<Line> line = {};
  Moment asked = 0;
  std::optional<Moment> opened = {};
  std::optional<Moment> closed = {};  ///< By either end.
  std::optional<Moment> left = {};    ///< The node has nothing of it any more.
  std::vector<Seen> frames = {};
  std::vector<Heard> transients = {};
  std::size_t node = 0;
};

/// A catch-up that reached the end of the inbox.
struct Finished {
  Moment asked;  ///< When its last page was asked for.
  std::optional<TimeUuid> pointer = {};
  Instant expired = {};  ///< What is older may have expired.
};

struct Device {
  std::size_t person = 0;
  ClientId client = {};
  std::string last_resort_key = {};
  std::string name = {};
  ConnectionId connection = {};
  Fact registered = {};
  Fact token = {};
  Ticks token_changed{0};  ///< When it was last asked to change, or answered.

  bool walking = false;
  std::optional<TimeUuid> pointer = {};
  std::optional<Instant> gap = {};  ///< The pointer is new: what is older may have expired.
  std::vector<Seen> walked =
      {};  ///< Everything it took in, in order: pages, and frames it followed.
  std::vector<Finished> finished = {};
  std::vector<TimeUuid> more_after = {};  ///< Ends of pages that said that there is more.
  std::deque<SocketLog> sockets = {};
  std::optional<std::size_t> followed = {};  ///< The socket whose frames move the pointer.
};

/// Its push token, there is one of each device.
inline std::string token_of(const Device& device) { return "token of " + device.name; }

struct Talk {
  std::size_t site = 0;
  QualifiedConversation id;
  std::size_t creator = 0;
  std::string name = {};
  std::map<std::size_t, Fact> members = {};  ///< By person.
  Fact renaming = {};
  std::string title = {};  ///< Its last acknowledged name.
};

/// A change of a conversation that was acknowledged, and who must have been told of it.
struct Change {
  std::size_t event;  ///< The hash of its JSON.
  std::string about;
  std::vector<std::size_t> people;
};

struct Addressee {
  std::size_t device = 0;
  std::string text = {};  ///< As the event must carry it.

  // How often what it depends on had changed when the send ended, and what was certain until then.
  std::uint64_t changes = 0;
  bool surely_valid = false;
  bool surely_redundant = false;
  bool surely_deleted = false;
};

enum class Outcome { pending, delivered, stopped, refused, unknown };

struct Message {
  std::size_t number = 0;
  std::size_t sender = 0;  ///< The device.
  std::size_t talk = 0;
  std::vector<Addressee> addressees = {};
  bool transient = false;
  bool native_push = true;
  bool certain = false;  ///< Nothing that it depends on was changing meanwhile.
  Moment began = 0;
  Ticks began_at{0};
  Moment ended = ~Moment{0};
  Outcome outcome = Outcome::pending;
  std::optional<Reason> reason = {};
  std::shared_ptr<const PeerFault> fault = {};  ///< Of a refusal that other backends caused.
  std::optional<Instant> time = {};             ///< As the answer says.
  std::optional<std::size_t> again = {};  ///< The message without an outcome that this one repeats.
  bool bystander_down = false;            ///< A backend that it does not concern was down.
  std::vector<std::uint64_t> mishaps =
      {};  ///< Of each backend until it began; see `Site::mishaps`.
  std::set<std::pair<UserId, ClientId>> left_out = {};  ///< Reported redundant or deleted.
  std::set<std::pair<UserId, ClientId>> failed = {};    ///< Their backend may not have stored it.
};

/// Which message, and which of its addressees, a text belongs to.
struct TextOwner {
  std::size_t message;
  std::size_t addressee;
};

/// One notification, as the database has it in the end.
struct Kept {
  TimeUuid id;
  ConnectionId origin;
  std::vector<ClientId> targets;
  std::size_t event = 0;                  ///< The hash of its JSON.
  std::optional<TextOwner> message = {};  ///< None: it tells of something else.
  std::string time = {};                  ///< Of the event of a message.
  std::string dead_token = {};            ///< The one that this event says was removed.

  bool is_for(ClientId client) const;
};

/// By person, each in order.
using Inboxes = std::vector<std::vector<Kept>>;

/// A property that did not hold.
struct Violation {
  std::string property;  ///< The clause or rule, then what it says in short.
  std::string what;
};

struct History {
  std::vector<Person> people;
  std::deque<Device> devices;
  std::deque<Talk> talks;
  std::deque<Message> messages;
  std::deque<Change> changes;
  std::unordered_map<std::string, TextOwner> texts;
  std::vector<Violation> violations;
  Judged judged = {};

  /// How often the client of an addressee, or its membership, has changed so far.
  std::uint64_t changes_of(const Message& message, const Addressee& addressee) const {
    const auto& device = devices[addressee.device];
    const auto& members = talks[message.talk].members;
    const auto member = members.find(device.person);
    return device.registered.version + (member == members.end() ? 0 : member->second.version);
  }

  /// Judges one case. `about` says which one it is, where the rule does not hold.
  template <class About>
  void judge(Rule rule, bool holds, const About& about) {
    judged.saw(rule);
    if (!holds) violations.push_back({std::string{name_of(rule)}, about()});
  }
  void violated(Rule rule, std::string what) {
    judge(rule, false, [&] { return what; });
  }
};

}  // namespace twostep::properties
