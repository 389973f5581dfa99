// Step one: what must hold of every message, with and without federation.

#include <algorithm>
#include <set>
#include <tuple>

#include "model/worlds/observer.hpp"

namespace twostep::model {
namespace {

using explore::always;
using explore::eventually;
using State = WorldState;

// A statement about each message.
using Statement = bool (*)(const Setup&, const Stage&, std::size_t, const Sent&);

WorldProperty each(const Setup& setup, std::string name, Statement holds) {
  return always<State>(std::move(name), [setup, holds](const State& state) {
    // Of what has expired nothing can be said.
    if (setup.expires && state.expiries_left == 0) return true;
    const auto& sent = state.stage.sent;
    for (std::size_t i = 0; i < sent.size(); ++i) {
      if (!holds(setup, state.stage, i, sent[i])) return false;
    }
    return true;
  });
}

bool acknowledged_is_stored(const Setup& setup, const Stage& stage, std::size_t number,
                            const Sent& sent) {
  if (!is_accepted(sent) || setup.messages[number].transient) return true;
  return std::all_of(setup.clients.begin(), setup.clients.end(), [&](const Client& client) {
    return !is_valid(setup, number, client) || copies(stage, number, client) > 0 ||
           is_among(sent.outcome.status.failed_to_send, client) || is_queued(stage, number, client);
  });
}

bool no_other_gets_it(const Setup& setup, const Stage& stage, std::size_t number,
                      const Sent& sent) {
  const auto may_have = [&](const Client& client, const Payload& payload) {
    const auto addressee = client_of(payload);
    return sent.stage != Sent::Stage::unsent && addressee < setup.clients.size() &&
           setup.clients[addressee] == client && is_valid(setup, number, client);
  };
  bool holds = true;
  each_row(stage, [&](UserId user, const Notification& row) {
    const auto& payload = row.content.payload;
    if (message_of(payload) != number) return;
    holds = holds && row.client && may_have({user, *row.client}, payload);
  });
  for (const auto& device : stage.devices) {
    for (const auto& payload : device.passing) {
      if (message_of(payload) == number) holds = holds && may_have(device.client, payload);
    }
  }
  return holds;
}

bool not_twice(const Setup& setup, const Stage& stage, std::size_t number, const Sent&) {
  return std::all_of(setup.clients.begin(), setup.clients.end(),
                     [&](const Client& client) { return copies(stage, number, client) <= 1; });
}

bool refused_is_nowhere(const Setup& setup, const Stage& stage, std::size_t number,
                        const Sent& sent) {
  if (!is_refused(setup, number, sent)) return true;
  bool nowhere = true;
  each_row(stage, [&](UserId, const Notification& row) {
    nowhere = nowhere && message_of(row.content.payload) != number;
  });
  for (const auto& device : stage.devices) {
    for (const auto& payload : device.passing) nowhere = nowhere && message_of(payload) != number;
  }
  return nowhere;
}

bool incomplete_is_refused(const Setup& setup, const Stage&, std::size_t number, const Sent& sent) {
  const bool must_be_complete = setup.messages[number].strategy.kind == Strategy::Kind::report_all;
  return !must_be_complete || !is_accepted(sent) || is_complete(setup, number);
}

bool all_or_none_at_a_backend(const Setup& setup, const Stage& stage, std::size_t number,
                              const Sent&) {
  return std::all_of(stage.backends.begin(), stage.backends.end(), [&](const Backend& backend) {
    const auto here = reach_at(setup, stage, number, backend.configuration.self);
    return !here.any || here.all;
  });
}

bool partial_is_reported(const Setup& setup, const Stage& stage, std::size_t number,
                         const Sent& sent) {
  if (!is_accepted(sent)) return true;
  const auto [any, all] = reach(setup, stage, number);
  return !any || all || !sent.outcome.status.failed_to_send.empty();
}

bool each_call_is_made_once(const State& state) {
  std::set<std::tuple<BackendId, BackendId, RequestId, Call::Kind>> calls;
  return std::all_of(state.stage.calls.begin(), state.stage.calls.end(), [&](const Call& call) {
    return call.given_up || calls.insert({call.from, call.to, call.request, call.kind}).second;
  });
}

bool all_have_ended(const State& state) {
  return std::all_of(state.stage.sent.begin(), state.stage.sent.end(), [](const Sent& sent) {
    return sent.stage == Sent::Stage::answered || sent.stage == Sent::Stage::broken;
  });
}

}  // namespace

void add_sending(const Setup& setup, std::vector<WorldProperty>& properties) {
  const auto add = [&](std::string name, Statement holds) {
    properties.push_back(each(setup, std::move(name), holds));
  };
  add("SND-02, S14: what was acknowledged is stored, or reported as not sent",
      acknowledged_is_stored);
  add("SND-11, SND-13, SND-14: nobody else gets it, and each gets its own", no_other_gets_it);
  add("SND-20, SND-36, S13: refused means nowhere", refused_is_nowhere);
  add("SND-19: nothing passes while a client is missing", incomplete_is_refused);
  add("SND-06: a backend stores for all of its clients or for none", all_or_none_at_a_backend);
  // A queue without memory may tell twice.
  if (setup.profile != Profile::queued) add("SND-09: no message is twice in an inbox", not_twice);
  properties.push_back(eventually<State>("every send ends", all_have_ended));
  if (setup.nodes.size() == 1) return;

  if (setup.profile == Profile::m1) {
    add("S13, S14: all or nobody, or the sender is told whom it did not reach",
        partial_is_reported);
    properties.push_back(
        always<State>("S8: a peer is asked once and told once", each_call_is_made_once));
  } else {
    properties.push_back(
        eventually<State>("accepted means everybody in the end", [setup](const State& state) {
          for (std::size_t i = 0; i < setup.messages.size(); ++i) {
            const bool must_arrive =
                is_accepted(state.stage.sent[i]) && !setup.messages[i].transient;
            if (must_arrive && !reach(setup, state.stage, i).all) return false;
          }
          return true;
        }));
  }
}

}  // namespace twostep::model
