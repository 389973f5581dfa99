#include "property-tests/live/refine.hpp"

#include <algorithm>
#include <functional>

#include "conformance/support/bytes.hpp"
#include "conformance/support/patience.hpp"
#include "property-tests/live/side.hpp"

namespace twostep::live {
namespace {

/// Runs of one shrinking. Each takes milliseconds, but one that waits for a frame may take seconds.
constexpr int attempts_max = 400;

std::string route_of(const Command& command) {
  const auto end = command.path.find_first_of("/?", 1);
  return command.act + ' ' + command.path.substr(0, end);
}

bool reads_clients(const Command& command) {
  return command.act == "GET" &&
         (command.path.starts_with("/clients") || command.path.starts_with("/v9/clients"));
}

/// Where a value has parts that can be left out: pointers, the whole before its parts.
void collect_parts(const Json& value, const Json::json_pointer& at,
                   std::vector<std::string>& parts) {
  if (!value.is_structured()) return;
  for (const auto& [key, part] : value.items()) {
    const auto below = value.is_array() ? at / std::stoul(key) : at / key;
    parts.push_back(below.to_string());
    collect_parts(part, below, parts);
  }
}

Json without(const Json& value, const std::string& pointer) {
  return value.patch(Json::array({{{"op", "remove"}, {"path", pointer}}}));
}

/// All that a command can do without.
std::vector<Command> simpler(const Command& command) {
  std::vector<Command> candidates;
  const auto change = [&](const std::function<void(Command&)>& apply) {
    auto candidate = command;
    apply(candidate);
    if (candidate != command) candidates.push_back(std::move(candidate));
  };
  std::vector<std::string> parts;
  collect_parts(command.body, Json::json_pointer{}, parts);
  for (const auto& part : parts) change([&](Command& c) { c.body = without(c.body, part); });
  for (const auto& [name, value] : command.headers.items())
    change([&, &name = name](Command& c) { c.headers.erase(name); });
  if (const auto query = command.path.find('?'); query != command.path.npos) {
    change([&](Command& c) { c.path = c.path.substr(0, query); });
    if (const auto last = command.path.rfind('&'); last != command.path.npos)
      change([&](Command& c) { c.path = c.path.substr(0, last); });
  }
  if (command.times > 1) change([](Command& c) { c.times /= 2; });
  if (command.form == "gzip") change([](Command& c) { c.form = "json"; });
  return candidates;
}

int status_of(const Json& seen) {
  const auto status = seen.value("status", Json{});
  return status.is_number() ? status.get<int>() : 0;
}

bool refuses(int status) { return status >= 400 && status < 500; }

Json label_of(const Json& seen) { return conformance::part(seen, "/body/label"); }

bool is_about_client(const Json& seen) {
  return label_of(seen) == "not-found" || label_of(seen) == "client-not-found";
}

/// Nothing but the status.
bool lacks_label(const Json& seen) { return seen.value("body", Json{}) == ""; }

}  // namespace

bool equal(const Json& server, const Json& reference) {
  if (server == reference) return true;
  const auto one = status_of(server);
  const auto other = status_of(reference);
  if (!refuses(one) || !refuses(other)) return false;
  if (one == 404 && other == 404) {
    return lacks_label(server) || lacks_label(reference) ||
           (is_about_client(server) && is_about_client(reference));
  }
  const auto hides = [](const Json& seen, int status) {
    return status == 405 || status == 401 || label_of(seen) == "no-endpoint";
  };
  if (hides(server, one) && hides(reference, other)) return one == 404 || other == 404;
  const bool is_vague = label_of(server) == "bad-request" || label_of(reference) == "bad-request";
  return one == other ? one == 400 && is_vague : one == 400 || other == 400;
}

std::string Difference::kind(const Command& command) const {
  auto kind = route_of(command);
  for (const auto* seen : {&server, &reference}) {
    kind += ' ' + seen->value("status", Json{}).dump();
    kind += conformance::part(*seen, "/body/label").dump();
  }
  return kind;
}

std::string Difference::parts() const {
  std::string parts;
  for (const auto& change : Json::diff(server, reference)) {
    parts += ' ' + change.at("op").get<std::string>() + ' ' + change.at("path").get<std::string>();
    if (change.contains("value")) parts += ' ' + change.at("value").dump();
  }
  return parts;
}

Refinement::Refinement(conformance::Target server, conformance::Target reference)
    : server_(std::move(server)), reference_(std::move(reference)) {}

namespace {

struct Both {
  Json server;
  Json reference;
};

Both perform(Side& server, Side& reference, const Command& command) {
  Both seen{server.perform(command), reference.perform(command)};
  // When a client was last active is written after its catch-up has been answered (ACC-46).
  const auto until = conformance::deadline();
  while (reads_clients(command) && !equal(seen.server, seen.reference) &&
         conformance::Clock::now() < until) {
    seen = {server.perform(command), reference.perform(command)};
  }
  return seen;
}

}  // namespace

Played Refinement::play(const Commands& commands) {
  const auto run = conformance::random_hex(12);
  Side server{server_, run};
  Side reference{reference_, run};
  Played played;
  for (const auto& command : commands) {
    const auto seen = perform(server, reference, command);
    played.seen.push_back(seen.server);
    if (equal(seen.server, seen.reference)) continue;
    played.difference = {played.seen.size() - 1, seen.server, seen.reference};
    break;
  }
  return played;
}

std::vector<Difference> Refinement::survey(const Commands& commands) {
  const auto run = conformance::random_hex(12);
  Side server{server_, run};
  Side reference{reference_, run};
  std::vector<Difference> differences;
  for (std::size_t at = 0; at < commands.size(); ++at) {
    const auto seen = perform(server, reference, commands[at]);
    if (!equal(seen.server, seen.reference))
      differences.push_back({at, seen.server, seen.reference});
  }
  return differences;
}

Commands Refinement::shrink(Commands commands) {
  const auto first = play(commands).difference;
  if (!first) return commands;
  const auto kind = first->kind(commands[first->at]);
  commands.resize(first->at + 1);
  int attempts = 0;
  const auto still_fails = [&](const Commands& candidate) {
    if (++attempts > attempts_max) return false;
    const auto difference = play(candidate).difference;
    return difference && difference->kind(candidate[difference->at]) == kind;
  };
  for (auto chunk = commands.size() / 2; chunk > 0; chunk /= 2) {
    for (std::size_t end = commands.size() - 1; end > 0;) {
      const auto begin = end - std::min(chunk, end);
      auto candidate = commands;
      candidate.erase(candidate.begin() + static_cast<std::ptrdiff_t>(begin),
                      candidate.begin() + static_cast<std::ptrdiff_t>(end));
      if (still_fails(candidate)) commands = std::move(candidate);
      end = begin;
    }
  }
  for (std::size_t at = commands.size(); at-- > 0;) {
    for (bool changed = true; changed;) {
      changed = false;
      for (auto& simpler_command : simpler(commands[at])) {
        auto candidate = commands;
        candidate[at] = std::move(simpler_command);
        if (!still_fails(candidate)) continue;
        commands = std::move(candidate);
        changed = true;
        break;
      }
    }
  }
  return commands;
}

}  // namespace twostep::live
