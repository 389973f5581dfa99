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

// A statement about one message and everything around it.
using AboutAll = bool (*)(const Setup&, const Stage&, std::size_t, const Sent&);

WorldProperty sometime(const Setup& setup, std::string name, AboutAll is) {
  return sometimes<State>(std::move(name), [setup, is](const State& state) {
    for (std::size_t i = 0; i < setup.messages.size(); ++i) {
      if (is(setup, state.stage, i, state.stage.sent[i])) return true;
    }
    return false;
  });
}

// Nothing is under way that could still change who has it.
bool is_silent_partial(const Setup& setup, const Stage& stage, std::size_t number,
                       const Sent& sent) {
  const auto has_no_job = [](const Backend& backend) { return backend.jobs.empty(); };
  const auto [any, all] = reach(setup, stage, number);
  return sent.stage == Sent::Stage::broken && any && !all && stage.calls.empty() &&
         std::all_of(stage.backends.begin(), stage.backends.end(), has_no_job);
}

bool is_error_in_spite(const Setup& setup, const Stage& stage, std::size_t number,
                       const Sent& sent) {
  return is_answered<Verdict::peer_failed>(sent) && reach(setup, stage, number).any;
}

bool is_reported_in_spite(const Setup& setup, const Stage& stage, std::size_t number,
                          const Sent& sent) {
  return is_partial(sent) && reach(setup, stage, number).all;
}

// The window that M1 leaves open, and what is told about it.
void add_window(const Setup& setup, std::vector<WorldProperty>& properties) {
  const auto& faults = setup.faults;
  const bool any_remote =
      std::any_of(setup.messages.begin(), setup.messages.end(),
                  [](const Planned& plan) { return plan.sender.user.home != owner; });
  if (faults.lose || faults.give_up) {
    properties.push_back(
        some_message("some get it, some do not, and the sender is told", is_partial));
    properties.push_back(sometime(setup, "all get it, and the sender is told that some did not",
                                  is_reported_in_spite));
    if (any_remote) {
      properties.push_back(
          sometime(setup, "some get it, and the sender is told an error", is_error_in_spite));
    }
  }
  if (faults.crash) {
    properties.push_back(
        sometime(setup, "some get it, some never will, and nobody is told", is_silent_partial));
  }
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
  if (setup.nodes.size() == 1) return;
  if (setup.profile == Profile::m1) add_window(setup, properties);
  if (!faults.lose && !faults.give_up) return;
  switch (setup.profile) {
    case Profile::m1:
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
