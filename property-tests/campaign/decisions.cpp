#include "property-tests/campaign/decisions.hpp"

#include <istream>
#include <ostream>
#include <sstream>

namespace twostep::properties {
namespace {

void write_list(std::ostream& out, const char* name, const Choices::List& list) {
  auto size = list.size();
  while (size > 0 && list[size - 1] == 0) --size;
  out << name;
  for (std::size_t i = 0; i < size; ++i) out << ' ' << list[i];
  out << '\n';
}

std::optional<Choices::List> read_list(std::istream& in) {
  Choices::List list;
  for (std::uint32_t value = 0; in >> value;) list.push_back(value);
  if (!in.eof()) return std::nullopt;
  return list;
}

}  // namespace

void write(std::ostream& out, const Decisions& decisions) {
  out << "seed " << decisions.seed << '\n';
  write_list(out, "mix:", decisions.mix);
  for (const auto& command : decisions.commands) write_list(out, "act:", command);
  write_list(out, "schedule:", decisions.schedule);
  write_list(out, "store:", decisions.store);
  write_list(out, "network:", decisions.network);
  write_list(out, "nodes:", decisions.nodes);
}

std::optional<Decisions> read_decisions(std::istream& in) {
  Decisions decisions;
  bool has_seed = false;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream words{line};
    std::string name;
    words >> name;
    if (name == "seed") {
      has_seed = static_cast<bool>(words >> decisions.seed);
      continue;
    }
    auto list = read_list(words);
    if (!list) return std::nullopt;
    if (name == "mix:") {
      decisions.mix = *std::move(list);
    } else if (name == "act:") {
      decisions.commands.push_back(*std::move(list));
    } else if (name == "schedule:") {
      decisions.schedule = *std::move(list);
    } else if (name == "store:") {
      decisions.store = *std::move(list);
    } else if (name == "network:") {
      decisions.network = *std::move(list);
    } else if (name == "nodes:") {
      decisions.nodes = *std::move(list);
    } else {
      return std::nullopt;
    }
  }
  if (!has_seed) return std::nullopt;
  return decisions;
}

}  // namespace twostep::properties
