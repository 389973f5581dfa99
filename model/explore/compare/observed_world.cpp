#include "model/explore/compare/observed_world.hpp"

#include <algorithm>

#include "model/flat.hpp"
#include "model/worlds/names.hpp"

namespace twostep::model::explore {
namespace {

std::string number(std::size_t message) { return "m" + std::to_string(message + 1); }

std::string seen_of_send(const Setup& setup, std::size_t message, const Sent& before,
                         const Sent& after) {
  if (before.stage == after.stage) return {};
  const auto sender = name(setup.messages[message].sender);
  switch (after.stage) {
    case Sent::Stage::unsent:
      return {};
    case Sent::Stage::pending:
      return sender + " sends " + number(message);
    case Sent::Stage::answered:
      return sender + " is told of " + number(message) + ": " + text(after.outcome);
    case Sent::Stage::broken:
      return sender + " is told nothing of " + number(message);
  }
  return {};
}

std::string seen_of_device(const Stage& stage, const Device& before, const Device& after) {
  std::string seen;
  const auto& backend = stage.backends[after.client.user.home.value];
  const auto* user = find_by(backend.database.users, after.client.user, &User::id);
  for (auto i = before.handled.size(); i < after.handled.size(); ++i) {
    const auto* row = find_by(user->inbox, after.handled[i], &Notification::id);
    if (row == nullptr) continue;
    seen += (seen.empty() ? name(after.client) + " reads " : ", ") +
            number(message_of(row->content.payload));
  }
  return seen;
}

}  // namespace

std::string ObservedWorld::seen(const WorldState& before, const WorldAction&,
                                const WorldState& after) const {
  std::string all;
  const auto add = [&all](const std::string& seen) {
    all += (all.empty() || seen.empty() ? "" : "; ") + seen;
  };
  for (std::size_t i = 0; i < after.stage.sent.size(); ++i) {
    add(seen_of_send(setup(), i, before.stage.sent[i], after.stage.sent[i]));
  }
  for (std::size_t i = 0; i < after.stage.devices.size(); ++i) {
    add(seen_of_device(after.stage, before.stage.devices[i], after.stage.devices[i]));
  }
  return all;
}

bool ObservedWorld::at_rest(const WorldState& state) const {
  const auto& stage = state.stage;
  const bool all_sent = std::all_of(stage.sent.begin(), stage.sent.end(), [](const Sent& sent) {
    return sent.stage == Sent::Stage::answered || sent.stage == Sent::Stage::broken;
  });
  const bool all_done =
      std::all_of(stage.backends.begin(), stage.backends.end(), [](const Backend& backend) {
        return backend.jobs.empty() && backend.database.outgoing.empty();
      });
  if (!all_sent || !all_done || !stage.calls.empty()) return false;
  for (std::size_t i = 0; i < stage.devices.size(); ++i) {
    const auto& readers = setup().readers;
    const bool reads =
        std::find(readers.begin(), readers.end(), stage.devices[i].client) != readers.end();
    if (reads && has_news(stage, i, setup().page)) return false;
  }
  return true;
}

}  // namespace twostep::model::explore
