// twostep-explore loss: how often random histories lose a message, by skew, commit delay and rate.

#include <array>
#include <charconv>
#include <iostream>
#include <optional>
#include <vector>

#include "model/explore/app/jobs.hpp"
#include "model/explore/loss/plot.hpp"

namespace twostep::model::explore {
namespace {

constexpr std::string_view help =
    R"(twostep-explore loss [options]: how often random histories of an inbox lose a message.

  --skew MS,…          a server's clock is wrong by up to this, either way (0,1,10,100,1000,60000,3600000)
  --commit-delay MS,…  from a message's id to its being visible, on average (0,1,10)
  --rate N,…           messages a second for one inbox (1,100)
  --ids POLICY         wall-clock, monotonic or both (both)
  --servers N          of the backend (8)
  --histories N        for each combination (10)
  --messages N         in each history (1000)
  --seed N
  --csv FILE, --svg FILE
)";

struct Grid {
  std::vector<double> skews_ms{0, 1, 10, 100, 1'000, 60'000, 3'600'000};
  std::vector<double> delays_ms{0, 1, 10};
  std::vector<double> rates{1, 100};
  std::vector<IdPolicy> ids{IdPolicy::wall_clock, IdPolicy::monotonic};
  unsigned servers = 8;
  Sample sample;
  std::string csv;
  std::string svg;
};

// Bounds that no measurement needs to cross: a day of skew, an hour of commits, a rate that outruns
// the ticks of an id.
constexpr double skew_ms_max = 86'400'000, delay_ms_max = 3'600'000, rate_max = 1'000'000;
constexpr double servers_max = 1'000, histories_max = 1'000'000;

std::optional<std::vector<double>> numbers(std::string_view text, double least, double most) {
  std::vector<double> numbers;
  for (const char* at = text.data(); at != text.data() + text.size();) {
    double number = 0;
    const auto [end, error] = std::from_chars(at, text.data() + text.size(), number);
    if (error != std::errc{} || !(number >= least && number <= most)) return std::nullopt;
    numbers.push_back(number);
    at = end;
    if (at != text.data() + text.size() && *at++ != ',') return std::nullopt;
  }
  if (numbers.empty()) return std::nullopt;
  return numbers;
}

template <class Number>
bool one_number(std::string_view text, double most, Number& into) {
  const auto found = numbers(text, 1, most);
  if (!found || found->size() != 1) return false;
  into = static_cast<Number>(found->front());
  return true;
}

bool several(std::string_view text, double least, double most, std::vector<double>& into) {
  auto found = numbers(text, least, most);
  if (found) into = std::move(*found);
  return found.has_value();
}

bool ids(std::string_view text, std::vector<IdPolicy>& into) {
  if (text == "wall-clock") into = {IdPolicy::wall_clock};
  if (text == "monotonic") into = {IdPolicy::monotonic};
  return text == "wall-clock" || text == "monotonic" || text == "both";
}

// False if the option is unknown or the value none.
bool take(std::string_view option, std::string_view value, Grid& grid) {
  if (option == "--skew") return several(value, 0, skew_ms_max, grid.skews_ms);
  if (option == "--commit-delay") return several(value, 0, delay_ms_max, grid.delays_ms);
  if (option == "--rate") return several(value, 1e-3, rate_max, grid.rates);
  if (option == "--ids") return ids(value, grid.ids);
  if (option == "--servers") return one_number(value, servers_max, grid.servers);
  if (option == "--histories") return one_number(value, histories_max, grid.sample.histories);
  if (option == "--messages")
    return one_number(value, double(Sample::messages_max - 1), grid.sample.messages);
  if (option == "--seed") return one_number(value, 1e15, grid.sample.seed);
  if (option == "--csv") grid.csv = value;
  if (option == "--svg") grid.svg = value;
  return option == "--csv" || option == "--svg";
}

std::vector<Measured> measure_all(const Grid& grid) {
  std::vector<Measured> measured;
  for (const auto ids : grid.ids) {
    for (const auto delay_ms : grid.delays_ms) {
      for (const auto rate : grid.rates) {
        for (const auto skew_ms : grid.skews_ms) {
          const Conditions conditions{skew_ms, delay_ms, rate, grid.servers, ids};
          measured.push_back({conditions, measure(conditions, grid.sample)});
        }
      }
    }
  }
  return measured;
}

}  // namespace

int run_loss(std::span<const char* const> arguments) {
  Grid grid;
  for (std::size_t i = 0; i < arguments.size(); i += 2) {
    const std::string option = arguments[i];
    if (option == "--help") return std::cout << help, holds;
    if (i + 1 == arguments.size()) return refuse(option + " is no option, or needs a value");
    if (!take(option, arguments[i + 1], grid))
      return refuse("loss: not understood: " + option + " " + arguments[i + 1]);
  }
  const auto measured = measure_all(grid);
  std::cout << table(measured);
  const bool written = (grid.csv.empty() || write(grid.csv, csv(measured))) &&
                       (grid.svg.empty() || write(grid.svg, svg(measured)));
  return written ? holds : not_understood;
}

}  // namespace twostep::model::explore
