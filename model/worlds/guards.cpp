// What each world was made to show, and must show at least once: otherwise what always holds in it
// may hold for want of anything happening.

#include <algorithm>

#include "model/worlds/observer.hpp"

namespace twostep::model {
namespace {

using explore::sometimes;
using State = WorldState;

using AboutMessage = bool (*)(const Sent&);
using AboutDevice = bool (*)(const Device&);

WorldProperty some_message(std::string name, AboutMessage is) {
  return sometimes<State>(std::move(name), [is](const State& state) {
    return std::any_of(state.stage.sent.begin(), state.stage.sent.end(), is);
  });
}

WorldProperty some_device(std::string name, AboutDevice is) {
  return sometimes<State>(std::move(name), [is](const State& state) {
    return std::any_of(state.stage.devices.begin(), state.stage.devices.end(), is);
  });
}

template <Verdict verdict>
bool is_answered(const Sent& sent) {
  return sent.stage == Sent::Stage::answered && sent.outcome.verdict == verdict;
}

bool is_partial(const Sent& sent) {
  return is_accepted(sent) && !sent.outcome.status.failed_to_send.empty();
}

bool is_on_trust(const Sent& sent) {
  return is_accepted(sent) && !sent.outcome.status.failed_to_confirm.empty();
}

void add_faults(const Setup& setup, std::vector<WorldProperty>& properties) {
  const auto& faults = setup.faults;
  if (faults.crash) {
    properties.push_back(some_message("a server ends during a send", [](const Sent& sent) {
      return sent.stage == Sent::Stage::broken;
    }));
  }
  const bool owner_answers =
      std::any_of(setup.messages.begin(), setup.messages.end(),
                  [](const Planned& plan) { return plan.sender.user.home == owner; });
  if (faults.commit_fails && owner_answers) {
    properties.push_back(some_message("a commit fails", is_answered<Verdict::store_failed>));
  }
  if (setup.nodes.size() == 1 || !(faults.lose || faults.give_up)) return;
  switch (setup.profile) {
    case Profile::m1:
      properties.push_back(
          some_message("some get it, some do not, and the sender is told", is_partial));
      [[fallthrough]];
    case Profile::outbox:
      properties.push_back(some_message("nobody gets it, since a backend is down",
                                        is_answered<Verdict::peer_failed>));
      break;
    case Profile::queued:
      properties.push_back(some_message("a backend is taken on trust", is_on_trust));
      properties.push_back(
          sometimes<State>("a client gets a message twice", [setup](const State& state) {
            return std::any_of(
                setup.clients.begin(), setup.clients.end(),
                [&](const Client& client) { return copies(state.stage, 0, client) > 1; });
          }));
      break;
  }
}

}  // namespace

void add_guards(const Setup& setup, std::vector<WorldProperty>& properties) {
  bool any_passes = false;
  bool any_is_refused = false;
  for (std::size_t i = 0; i < setup.messages.size(); ++i) {
    const bool passes =
        is_complete(setup, i) || setup.messages[i].strategy.kind == Strategy::Kind::ignore_all;
    any_passes = any_passes || passes;
    any_is_refused = any_is_refused || !passes;
  }
  if (any_passes) {
    properties.push_back(some_message("a message is accepted", is_answered<Verdict::accepted>));
  }
  if (any_is_refused) {
    properties.push_back(some_message("a message is refused, since a client is missing",
                                      is_answered<Verdict::clients_missing>));
  }
  if (!setup.readers.empty() && any_passes) {
    properties.push_back(some_device("a client catches up",
                                     [](const Device& device) { return !device.handled.empty(); }));
  }
  if (!setup.listeners.empty()) {
    properties.push_back(some_device("a frame arrives", [](const Device& device) {
      return !device.framed.empty() || !device.passing.empty();
    }));
  }
  if (!setup.phones.empty()) {
    properties.push_back(some_device("a phone is woken",
                                     [](const Device& device) { return !device.pushed.empty(); }));
  }
  if (setup.expires) {
    properties.push_back(
        some_device("a client learns of a gap", [](const Device& device) { return device.gap; }));
  }
  if (setup.faults.budget > 0) add_faults(setup, properties);
}

std::vector<WorldProperty> World::properties() const {
  std::vector<WorldProperty> all;
  add_sending(setup_, all);
  add_reading(setup_, all);
  add_guards(setup_, all);
  return all;
}

}  // namespace twostep::model
