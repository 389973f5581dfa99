#include "model/worlds/world.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "model/flat.hpp"
#include "model/worlds/names.hpp"
#include "model/worlds/observer.hpp"

namespace twostep::model {
namespace {

using What = WorldAction::What;

std::uint16_t narrow(std::size_t index) { return static_cast<std::uint16_t>(index); }

Message message_of(const Setup& setup, std::size_t number) {
  const auto& plan = setup.messages[number];
  Message message{.conversation = {},
                  .sender = plan.sender,
                  .strategy = plan.strategy,
                  .transient = plan.transient};
  for (const auto& client : plan.to) {
    // Ciphertexts are told apart by their place among the clients.
    const auto at = std::find(setup.clients.begin(), setup.clients.end(), client);
    message.recipients.push_back(
        {client, payload_of(number, static_cast<std::size_t>(at - setup.clients.begin()))});
  }
  message.recipients = last_of_each(std::move(message.recipients));
  return message;
}

void set_up(Backend& backend, const Setup& setup) {
  const auto self = backend.configuration.self;
  Changed changed;
  std::vector<UserId> members;
  for (const auto& client : setup.clients) {
    if (client.user.home != self) continue;
    changed.changes.push_back(AddUser{client.user});
    changed.changes.push_back(AddClient{client});
  }
  for (const auto& phone : setup.phones) {
    if (phone.user.home == self) changed.changes.push_back(AddPushToken{phone, {1}});
  }
  // Only the owner knows all members.
  for (const auto& member : setup.members) {
    if (self == BackendId{0} || member.home == self) members.push_back(member);
  }
  changed.changes.push_back(AddMembers{ConversationId{}, members});
  Effects none;
  for (std::uint16_t node = 0; node < setup.nodes[self.value]; ++node) {
    step(backend, NodeStarted{{node}, 0, static_cast<std::uint64_t>(node) + 1}, none);
  }
  step(backend, changed, none);
}

std::vector<std::uint16_t> nodes_up(const Stage& stage, BackendId backend) {
  std::vector<std::uint16_t> up;
  for (const auto& node : stage.backends[backend.value].nodes) {
    if (node.up) up.push_back(node.id.value);
  }
  return up;
}

// A transaction that ends before anything else can happen.
void commit_at_once(Stage& stage, BackendId backend, const Event& own, Trace* trace) {
  const auto* proceed = std::get_if<Proceed>(&own);
  if (proceed == nullptr) return;
  const auto& jobs = stage.backends[backend.value].jobs;
  const auto* job = find_by(jobs, proceed->request, &Job::request);
  if (job != nullptr && job->phase == Job::Phase::committing) run(stage, backend, own, trace);
}

void run_own(const Setup& setup, Stage& stage, BackendId backend, std::size_t which, Trace* trace) {
  const auto own = ready(stage.backends[backend.value])[which];
  run(stage, backend, own, trace);
  if (!setup.slow_commits) commit_at_once(stage, backend, own, trace);
  if (setup.time_passes && std::holds_alternative<Proceed>(own)) ++stage.now;
}

// A fault, at the cost of one from the budget; only what nobody waits for gets lost for nothing.
void go_wrong(WorldState& state, const WorldAction& action, Trace* trace) {
  auto& stage = state.stage;
  const auto& [what, where, which, node] = action;
  const BackendId backend{where};
  const bool is_free = what == What::lose && stage.calls[which].given_up;
  if (!is_free) --state.faults_left;
  if (what == What::lose) lose(stage, which, trace);
  if (what == What::give_up) give_up(stage, which, trace);
  if (what == What::crash) crash(stage, backend, {node}, trace);
  if (what == What::commit_fails)
    fail_commit(stage, backend, stage.backends[where].jobs[which].request, trace);
}

class Offer {
 public:
  Offer(const Setup& setup, const WorldState& state)
      : setup_{setup}, state_{state}, stage_{state.stage} {}

  std::vector<WorldAction> all() && {
    sends();
    for (std::size_t i = 0; i < stage_.backends.size(); ++i) backend(i);
    for (std::size_t i = 0; i < stage_.calls.size(); ++i) call(i);
    for (std::size_t i = 0; i < stage_.devices.size(); ++i) device(i);
    const bool anything_open = std::any_of(stage_.sent.begin(), stage_.sent.end(), is_open);
    if (stage_.now < setup_.horizon && anything_open) add(What::tick);
    return std::move(actions_);
  }

 private:
  void add(What what, std::size_t where = 0, std::size_t which = 0, std::size_t node = 0) {
    actions_.push_back({what, narrow(where), narrow(which), narrow(node)});
  }

  bool may_fail() const { return state_.faults_left > 0; }

  void sends() {
    for (std::size_t i = 0; i < setup_.messages.size(); ++i) {
      if (stage_.sent[i].stage != Sent::Stage::unsent) continue;
      const bool waits =
          setup_.in_turn && i > 0 &&
          (stage_.sent[i - 1].stage == Sent::Stage::unsent || is_open(stage_.sent[i - 1]));
      if (waits) continue;
      const auto home = setup_.messages[i].sender.user.home;
      for (const auto node : nodes_up(stage_, home)) add(What::send, 0, i, node);
    }
  }

  void backend(std::size_t where) {
    const auto& backend = stage_.backends[where];
    for (std::size_t i = 0, count = ready(backend).size(); i < count; ++i) add(What::run, where, i);
    for (std::size_t i = 0; i < backend.jobs.size(); ++i) {
      const bool commits = backend.jobs[i].phase == Job::Phase::committing;
      if (commits && setup_.faults.commit_fails && may_fail()) add(What::commit_fails, where, i);
    }
    for (const auto& node : backend.nodes) {
      if (!node.up) add(What::restart, where, 0, node.id.value);
      if (node.up && setup_.faults.crash && may_fail()) add(What::crash, where, 0, node.id.value);
    }
    for (const auto& row : backend.database.outgoing) {
      if (row.state == Outgoing::State::waiting) add(What::retry, where, row.peer.value);
    }
    if (state_.expiries_left > 0 && where == 0) add(What::expire);
  }

  void call(std::size_t index) {
    const auto& call = stage_.calls[index];
    if (call.stage == Call::Stage::under_way) {
      const auto nodes = nodes_up(stage_, call.to);
      for (const auto node : nodes) add(What::arrive, 0, index, node);
      if (nodes.empty()) add(What::refuse, 0, index);
    }
    if (call.stage == Call::Stage::answered) add(What::return_answer, 0, index);
    // What was given up may still get lost, or else it would always arrive.
    const bool can_be_lost = call.stage != Call::Stage::served;
    if (can_be_lost && setup_.faults.lose && (may_fail() || call.given_up))
      add(What::lose, 0, index);
    if (!call.given_up && setup_.faults.give_up && may_fail()) add(What::give_up, 0, index);
  }

  void device(std::size_t index) {
    const auto& device = stage_.devices[index];
    if (contains_client(setup_.readers, device.client) && has_news(stage_, index, setup_.page)) {
      add(What::catch_up, 0, index);
    }
    if (!contains_client(setup_.listeners, device.client)) return;
    if (device.connected) return add(What::disconnect, 0, index);
    for (const auto node : nodes_up(stage_, device.client.user.home))
      add(What::connect, 0, index, node);
  }

  static bool contains_client(const std::vector<Client>& clients, const Client& client) {
    return std::find(clients.begin(), clients.end(), client) != clients.end();
  }

  const Setup& setup_;
  const WorldState& state_;
  const Stage& stage_;
  std::vector<WorldAction> actions_;
};

}  // namespace

std::vector<WorldState> World::initial_states() const {
  WorldState state;
  for (std::uint16_t i = 0; i < setup_.nodes.size(); ++i) {
    Backend backend;
    backend.configuration = {{i}, setup_.ids, setup_.profile, setup_.bug};
    set_up(backend, setup_);
    state.stage.backends.push_back(std::move(backend));
  }
  for (const auto& client : setup_.clients) state.stage.devices.push_back({.client = client});
  state.stage.sent.resize(setup_.messages.size());
  state.faults_left = setup_.faults.budget;
  state.expiries_left = setup_.expires ? 1 : 0;
  if (setup_.ahead.empty()) return {state};

  std::vector<WorldState> states;
  for (const auto& ahead : setup_.ahead) {
    auto other = state;
    auto next = ahead.begin();
    for (std::uint16_t backend = 0; backend < setup_.nodes.size(); ++backend) {
      for (std::uint16_t node = 0; node < setup_.nodes[backend]; ++node) {
        other.stage.clocks.push_back({{backend}, {node}, *next++});
      }
    }
    states.push_back(std::move(other));
  }
  return states;
}

std::vector<WorldAction> World::actions(const WorldState& state) const {
  return Offer{setup_, state}.all();
}

WorldState World::apply(WorldState state, const WorldAction& action, Trace* trace) const {
  auto& stage = state.stage;
  const auto& [what, where, which, node] = action;
  const BackendId backend{where};
  switch (what) {
    case What::send:
      send(stage, which, message_of(setup_, which), {node}, trace);
      break;
    case What::run:
      run_own(setup_, stage, backend, which, trace);
      break;
    case What::arrive:
      arrive(stage, which, {node}, trace);
      break;
    case What::return_answer:
      return_answer(stage, which, trace);
      break;
    case What::refuse:
      lose(stage, which, trace);
      break;
    case What::restart:
      restart(stage, backend, {node}, trace);
      break;
    case What::retry:
      take(stage, backend, RetryDue{{which}}, trace);
      break;
    case What::catch_up:
      catch_up(stage, which, setup_.page, trace);
      break;
    case What::connect:
      connect(stage, which, {node}, trace);
      break;
    case What::disconnect:
      disconnect(stage, which, trace);
      break;
    case What::tick:
      pass_time(stage, trace);
      break;
    case What::expire:
      --state.expiries_left;
      expire_all(stage, backend, trace);
      break;
    case What::lose:
    case What::give_up:
    case What::commit_fails:
    case What::crash:
      go_wrong(state, action, trace);
      break;
  }
  return state;
}

std::string World::text(const WorldState& before, const WorldAction& action) const {
  Trace trace;
  apply(before, action, &trace);
  std::string lines;
  for (const auto& line : trace) lines += (lines.empty() ? "" : "; ") + model::text(line);
  return lines.empty() ? name(BackendId{action.where}) + ": goes on" : lines;
}

bool World::finished(const WorldState& state) const {
  return state.stage.calls.empty() &&
         std::none_of(state.stage.sent.begin(), state.stage.sent.end(), is_open);
}

}  // namespace twostep::model
