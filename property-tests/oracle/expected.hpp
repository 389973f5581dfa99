#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "model/bug.hpp"
#include "model/inbox.hpp"
#include "model/worlds/stage.hpp"
#include "property-tests/oracle/command.hpp"
#include "property-tests/oracle/overlap.hpp"

/// What the model says: the same people around backends that are states of the model.
///
/// Shape      One command at a time, each until nothing is left to do, in one fixed order.
namespace twostep::properties::oracle {

class Expected {
 public:
  /// `before` is what was in the inboxes when the commands began.
  Expected(const Cast& cast, const Inboxes& before, model::Bug bug);

  Seen perform(const Command& command);

  // Several commands at a time: from `hold` on nothing happens by itself, and somebody else says what
  // happens next.

  /// One small step that could be next.
  struct Move {
    std::size_t site = 0;
    std::optional<model::Event> own{};  ///< A step of the site; otherwise one of a call.
    std::size_t call = 0;
  };
  void hold(std::optional<Command::Mishap> mishap, bool delivers_at_once);
  std::vector<Move> moves() const;
  void make(const Move& move);
  /// Begins a send; everything else is done at once, with this answer.
  std::string carry_out(const Command& command);
  std::optional<std::string> answer(std::size_t message) const;
  /// Whether all that is to be seen by now is the beginning of what was seen; or all of it.
  bool agrees_with(const Overlap& seen);
  bool is_all_of(const Overlap& seen) const;
  const model::Stage& stage() const { return stage_; }
  const Cast& cast() const { return *cast_; }

  bool is_up(std::size_t site) const;
  bool is_registered(std::size_t device) const;
  bool is_member(std::size_t talk, std::size_t person) const;
  std::size_t inbox_size(std::size_t person) const;

 private:
  struct News {
    std::size_t person;
    Content content;
  };

  void begin(const Inboxes& before);
  std::string send(const Command& command);
  std::string catch_up(const Command& command) const;
  void connect(const Command& command);
  void close_sockets_of(const model::Client& client);
  std::string change_clients(const Command& command);
  std::string change_members(const Command& command);
  void change(std::size_t site, std::vector<model::Change> changes, const std::vector<News>& news,
              std::optional<std::size_t> actor);
  bool has_socket(std::size_t device) const;
  void settle();
  void move_call(std::size_t call);
  bool is_lost(const model::Call& call, bool is_answer) const;

  void look_at_inboxes(Seen& seen);
  void look_at_devices(Seen& seen);
  std::string frame_of(std::size_t device, model::NotificationId id) const;
  std::string passing_of(std::size_t device, model::Payload payload) const;
  std::string push_of(std::size_t device, model::NotificationId id) const;
  Content content_of(const model::Notification& notification, std::size_t person) const;
  std::string event_of(model::Payload payload, model::Payload shared, const model::Client& sender,
                       model::ConversationId conversation) const;
  std::string place_of(std::size_t person, model::NotificationId id) const;
  const model::User& user(std::size_t person) const;
  model::Backend& backend(std::size_t site) { return stage_.backends.at(site); }

  const Cast* cast_;  ///< Never none; so that a world can be assigned.
  model::Stage stage_;
  Seen calls_;  ///< Of this command.
  bool holds_ = false;
  bool delivers_at_once_ = false;
  std::optional<Command::Mishap> mishap_;
  std::vector<std::string> events_;  ///< Those that are no messages, by their payloads.
  std::vector<model::Message> messages_;

  struct Shown {
    std::size_t frames = 0;
    std::size_t passing = 0;
    std::size_t pushes = 0;
  };
  std::vector<std::size_t> shown_rows_;
  std::vector<Shown> shown_;
  std::vector<std::size_t> frames_before_;  ///< By device, when `hold` was called.
};

}  // namespace twostep::properties::oracle
