#include "model/play/stage_player.hpp"

#include <algorithm>
#include <charconv>

#include "model/flat.hpp"
#include "model/play/table.hpp"
#include "model/worlds/names.hpp"

namespace twostep::model {
namespace {

std::string unknown(std::string_view what) {
  return "who or what is \"" + std::string{what} + "\"?";
}

std::optional<std::uint16_t> number(std::string_view text) {
  std::uint16_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

}  // namespace

std::optional<std::pair<BackendId, NodeId>> server_named(std::string_view name) {
  const auto backend = backend_named(name.substr(0, 1));
  if (!backend) return std::nullopt;
  if (name.size() == 1) return std::pair{*backend, NodeId{}};
  const auto place = number(name.substr(1));
  if (!place || *place == 0) return std::nullopt;
  return std::pair{*backend, NodeId{static_cast<std::uint16_t>(*place - 1)}};
}

Backend& StagePlayer::backend(BackendId id) {
  while (stage_.backends.size() <= id.value) {
    const auto next = static_cast<std::uint16_t>(stage_.backends.size());
    stage_.backends.emplace_back().configuration = configuration_;
    stage_.backends.back().configuration.self = {next};
    take(stage_, {next}, NodeStarted{{0}, 0, 1}, nullptr);
  }
  return stage_.backends[id.value];
}

void StagePlayer::change(BackendId where, Change how) {
  backend(where);
  Changed changed;
  changed.now = stage_.now;
  changed.changes = {std::move(how)};
  take(stage_, where, changed, nullptr);
}

std::optional<std::size_t> StagePlayer::device(const Client& client) const {
  for (std::size_t i = 0; i < stage_.devices.size(); ++i) {
    if (stage_.devices[i].client == client) return i;
  }
  return std::nullopt;
}

std::optional<std::size_t> StagePlayer::device(std::string_view name) const {
  const auto client = client_named(name);
  return client ? device(*client) : std::nullopt;
}

std::string StagePlayer::set(std::string_view key, std::string_view value) {
  if (key == "profile") {
    if (value == "m1") return configuration_.profile = Profile::m1, "";
    if (value == "queued") return configuration_.profile = Profile::queued, "";
    if (value == "outbox") return configuration_.profile = Profile::outbox, "";
    return unknown(value);
  }
  if (key == "ids") {
    if (value == "monotonic") return configuration_.ids = IdPolicy::monotonic, "";
    if (value == "wall-clock") return configuration_.ids = IdPolicy::wall_clock, "";
    return unknown(value);
  }
  Trace unseen;
  for (const auto& name : parts(value)) {
    std::string error;
    if (key == "members") {
      error = joins({name}, unseen);
    } else if (key == "servers") {
      const auto server = server_named(name);
      if (!server) return unknown(name);
      backend(server->first);
      take(stage_, server->first, NodeStarted{server->second, 0, server->second.value + 1u},
           nullptr);
    } else if (backend_named(key)) {
      error = has_client({name}, unseen);
    } else {
      error = unknown(key);
    }
    if (!error.empty()) return error;
  }
  return {};
}

std::string StagePlayer::obey(std::string_view line, Trace& trace) {
  for (const auto& rule : rules()) {
    if (const auto words = match(rule.pattern, line)) return (this->*rule.take)(*words, trace);
  }
  return "no such command";
}

std::string StagePlayer::command(std::string_view line, Trace& trace) {
  const auto error = obey(line, trace);
  return error.empty() ? settle(trace) : error;
}

std::string StagePlayer::settle(Trace& trace) {
  std::size_t seen = 0;
  for (int step = 0; step < steps_max; ++step) {
    for (; seen < trace.size(); ++seen) {
      const auto line = text(trace[seen]);
      const auto due = std::find_if(waiting_.begin(), waiting_.end(),
                                    [&](const Waiting& waiting) { return waiting.line == line; });
      if (due == waiting_.end()) continue;
      const auto command = due->command;
      waiting_.erase(due);
      trace.push_back({Line::Kind::note, "meanwhile", "", command});
      if (auto error = obey(command, trace); !error.empty()) return error;
    }
    if (!take_own_step(trace) && !move_call(trace)) return {};
  }
  return "does not come to an end";
}

bool StagePlayer::take_own_step(Trace& trace) {
  for (std::uint16_t i = 0; i < stage_.backends.size(); ++i) {
    const BackendId where{i};
    for (const auto& own : ready(stage_.backends[i])) {
      const auto* proceed = std::get_if<Proceed>(&own);
      if (proceed != nullptr && held_.contains(message_of(proceed->request))) continue;
      const auto* job = proceed != nullptr
                            ? find_by(stage_.backends[i].jobs, proceed->request, &Job::request)
                            : nullptr;
      if (job != nullptr && job->phase == Job::Phase::committing && failing_.erase(where) > 0) {
        fail_commit(stage_, where, proceed->request, &trace);
      } else {
        run(stage_, where, own, &trace);
      }
      return true;
    }
  }
  return false;
}

// What arrives comes before what is waited for in vain.
bool StagePlayer::move_call(Trace& trace) {
  for (const auto move : {Move::arrival, Move::answer, Move::loss}) {
    for (std::size_t i = 0; i < stage_.calls.size(); ++i) {
      if (move_of(stage_.calls[i]) != move) continue;
      const auto& call = stage_.calls[i];
      switch (move) {
        case Move::arrival:
          arrive(stage_, i, *server_of(call.to), &trace);
          break;
        case Move::answer:
          return_answer(stage_, i, &trace);
          break;
        case Move::loss: {
          const bool may_arrive = late_.contains(call.to) && call.stage == Call::Stage::under_way;
          may_arrive ? give_up(stage_, i, &trace) : lose(stage_, i, &trace);
          break;
        }
      }
      return true;
    }
  }
  return false;
}

std::optional<StagePlayer::Move> StagePlayer::move_of(const Call& call) const {
  const bool is_reached = !down_.contains(call.to) && server_of(call.to);
  switch (call.stage) {
    case Call::Stage::under_way:
      return is_reached && (call.given_up || !late_.contains(call.to)) ? Move::arrival : Move::loss;
    case Call::Stage::answered:
      return is_reached && !mute_.contains(call.to) ? Move::answer : Move::loss;
    case Call::Stage::served:
      break;
  }
  return std::nullopt;
}

std::optional<NodeId> StagePlayer::server_of(BackendId backend) const {
  for (const auto& node : stage_.backends[backend.value].nodes) {
    if (node.up) return node.id;
  }
  return std::nullopt;
}

}  // namespace twostep::model
