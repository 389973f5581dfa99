#include "model/render/lanes.hpp"

#include <algorithm>
#include <tuple>

#include "model/worlds/names.hpp"

namespace twostep::model {
namespace {

// A: clients, backend; others: backend, clients.
std::tuple<int, int, std::string> place(const std::string& lane) {
  if (const auto backend = backend_named(lane)) return {backend->value, 1, lane};
  const auto client = client_named(lane);
  const auto home = client ? client->user.home : BackendId{};
  return {home.value, home == BackendId{} ? 0 : 2, lane};
}

}  // namespace

std::string lane_of(const std::string& actor) {
  const auto backend = backend_named(actor.substr(0, 1));
  if (backend) return name(*backend);
  return client_named(actor) ? actor : std::string{};
}

std::vector<std::string> lanes_of(const Trace& trace) {
  std::vector<std::string> lanes;
  for (const auto& line : trace) {
    for (const auto& actor : {line.from, line.to}) {
      const auto lane = lane_of(actor);
      if (!lane.empty() && std::find(lanes.begin(), lanes.end(), lane) == lanes.end())
        lanes.push_back(lane);
    }
  }
  std::sort(lanes.begin(), lanes.end(),
            [](const auto& left, const auto& right) { return place(left) < place(right); });
  return lanes;
}

}  // namespace twostep::model
