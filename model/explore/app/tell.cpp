#include "model/explore/app/tell.hpp"

#include <cstdio>
#include <string_view>

namespace twostep::model::explore {
namespace {

std::string_view name(End end) {
  switch (end) {
    case End::complete:
      return "complete";
    case End::violated:
      return "violated";
    case End::depth_bound:
      return "depth bound";
    case End::out_of_memory:
      return "out of memory";
  }
  return {};
}

std::string_view name(Fault fault) {
  switch (fault) {
    case Fault::violated:
      return "does not always hold";
    case Fault::deadlock:
      return "deadlock";
    case Fault::never_met:
      return "never happens";
    case Fault::out_of_reach:
      return "is out of reach";
  }
  return {};
}

std::string numbered(const std::vector<std::string>& steps) {
  std::string lines;
  int number = 0;
  for (const auto& step : steps) {
    char head[16];
    std::snprintf(head, sizeof head, "%5d  ", ++number);
    lines += head + step + '\n';
  }
  return lines;
}

std::string quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (c == '\n') {
      quoted += "\\n";
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

std::string json(const Told& told, std::string_view what) {
  std::string object = "{\"property\": " + quoted(told.property) + ", \"what\": " + quoted(what);
  if (told.has_history) {
    object += ", \"steps\": [";
    for (std::size_t i = 0; i < told.steps.size(); ++i)
      object += (i > 0 ? ", " : "") + quoted(told.steps[i]);
    object += "]";
  }
  if (told.json) object += ", \"replay\": " + told.json();
  return object + "}";
}

std::string_view why_incomplete(End end) {
  switch (end) {
    case End::out_of_memory:
      return "Not explored to the end: it would take more memory (--memory-max).\n";
    case End::depth_bound:
      return "Not explored to the end: longer histories were not asked for (--depth-max).\n";
    case End::complete:
    case End::violated:
      break;
  }
  return "";
}

}  // namespace

Documented counted(const NamedWorld& world, const Explored& explored) {
  return {explored.counts.states, explored.counts.transitions, explored.counts.depth,
          world.documented.shows};
}

std::string text(const Documented& documented) {
  auto line = std::to_string(documented.states) + " states, " +
              std::to_string(documented.transitions) + " transitions, depth " +
              std::to_string(documented.depth);
  if (!documented.shows.empty()) line += "; does not hold: " + std::string{documented.shows};
  return line;
}

std::string list() {
  std::string lines = "Worlds:\n";
  for (const auto& world : all_worlds()) {
    lines += "  " + std::string{world.name} + "\n      " + std::string{world.about} + "\n      " +
             text(world.documented) + '\n';
  }
  lines += "\nBugs that can be planted (--bug), and what each breaks:\n";
  for (const auto& bug : all_bugs()) {
    lines += "  " + std::string{bug.name} + ": " + std::string{bug.clause} + '\n';
  }
  return lines;
}

std::string progress(const Counts& counts) {
  char line[100];
  std::snprintf(line, sizeof line, "%12llu states, %12llu to go, depth %4llu, %6.0f MiB, %5.0f s",
                static_cast<unsigned long long>(counts.states),
                static_cast<unsigned long long>(counts.waiting),
                static_cast<unsigned long long>(counts.depth),
                double(counts.memory_bytes) / (1 << 20), counts.seconds);
  return line;
}

std::string tell(const NamedWorld& world, const Explored& explored, bool with_witnesses) {
  auto lines =
      std::string{world.name} + ": " + std::string{world.about} + '\n' + text(explored.counts);
  for (const auto& finding : explored.findings) {
    lines += "\n" + std::string{name(finding.fault)};
    if (!finding.property.empty()) lines += ": " + finding.property;
    lines += "\n";
    if (finding.has_history) lines += numbered(finding.steps);
  }
  for (const auto& witness : explored.witnesses) {
    if (!with_witnesses) break;
    lines += "\nhappens: " + witness.property + "\n" + numbered(witness.steps);
  }
  lines += why_incomplete(explored.end);
  if (explored.holds()) lines += "Everything that should hold does.\n";
  return lines;
}

std::string json(const NamedWorld& world, const Explored& explored) {
  const auto& counts = explored.counts;
  char numbers[320];
  std::snprintf(numbers, sizeof numbers,
                "\"states\": %llu, \"transitions\": %llu, \"depth\": %llu, \"seconds\": %.6f, "
                "\"threads\": %u, "
                "\"memory_bytes\": %zu, \"collision_probability\": %.3e",
                static_cast<unsigned long long>(counts.states),
                static_cast<unsigned long long>(counts.transitions),
                static_cast<unsigned long long>(counts.depth), counts.seconds, counts.threads,
                counts.memory_bytes, collision_probability(counts));
  auto object = "{\"world\": " + quoted(world.name) + ", \"end\": " + quoted(name(explored.end)) +
                ",\n " + numbers;
  object += ",\n \"findings\": [";
  for (std::size_t i = 0; i < explored.findings.size(); ++i) {
    object +=
        (i > 0 ? ",\n  " : "\n  ") + json(explored.findings[i], name(explored.findings[i].fault));
  }
  object += "],\n \"witnesses\": [";
  for (std::size_t i = 0; i < explored.witnesses.size(); ++i) {
    object += (i > 0 ? ",\n  " : "\n  ") + json(explored.witnesses[i], "happens");
  }
  return object + "]}\n";
}

const Told* to_be_drawn(const Explored& explored) {
  for (const auto& finding : explored.findings) {
    if (finding.has_history) return &finding;
  }
  return explored.witnesses.empty() ? nullptr : &explored.witnesses.front();
}

}  // namespace twostep::model::explore
