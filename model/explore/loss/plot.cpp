#include "model/explore/loss/plot.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <tuple>

namespace twostep::model::explore {
namespace {

template <class... Arguments>
std::string formatted(const char* format, Arguments... arguments) {
  std::array<char, 400> line{};
  std::snprintf(line.data(), line.size(), format, arguments...);
  return line.data();
}

const char* name(IdPolicy ids) {
  switch (ids) {
    case IdPolicy::monotonic:
      return "monotonic";
    case IdPolicy::wall_clock:
      return "wall-clock";
  }
  return "";
}

// Monotonic ids lose nothing under any conditions, or the worst of them is worth seeing.
bool is_one_line(IdPolicy ids) { return ids == IdPolicy::monotonic; }

// The picture, in pixels; and what its axes span, in powers of ten.
constexpr double left = 70, right = 620, top = 30, bottom = 380, width = 860, height = 430;
constexpr double least_skew = -1, most_skew = 7;  // Of milliseconds: 0.1 ms to nearly three hours.
constexpr double least_share = -5, most_share = 0;  // 0.001 % to 100 %.

double x_of(double skew_ms) {
  const auto power =
      skew_ms > 0 ? std::clamp(std::log10(skew_ms), least_skew, most_skew) : least_skew;
  return left + (right - left) * (power - least_skew) / (most_skew - least_skew);
}

double y_of(double share) {
  const auto power =
      share > 0 ? std::clamp(std::log10(share), least_share, most_share) : least_share;
  return bottom - (bottom - top) * (power - least_share) / (most_share - least_share);
}

std::string axes() {
  std::string svg;
  for (double power = least_skew; power <= most_skew; ++power) {
    const auto x = x_of(std::pow(10, power));
    svg += formatted("<line x1='%.0f' y1='%.0f' x2='%.0f' y2='%.0f' class='grid'/>", x, top, x,
                     bottom);
    const auto label =
        power == least_skew ? std::string{"0"} : formatted("%g", std::pow(10, power));
    svg += formatted("<text x='%.0f' y='%.0f' text-anchor='middle'>%s</text>\n", x, bottom + 18,
                     label.c_str());
  }
  for (double power = least_share; power <= most_share; ++power) {
    const auto y = y_of(std::pow(10, power));
    svg += formatted("<line x1='%.0f' y1='%.0f' x2='%.0f' y2='%.0f' class='grid'/>", left, y, right,
                     y);
    const auto label =
        power == least_share ? std::string{"0"} : formatted("%g %%", 100 * std::pow(10, power));
    svg += formatted("<text x='%.0f' y='%.0f' text-anchor='end'>%s</text>\n", left - 8, y + 4,
                     label.c_str());
  }
  svg += formatted(
      "<text x='%.0f' y='%.0f' text-anchor='middle'>clock skew, ms (each server within plus or "
      "minus this)</text>\n",
      (left + right) / 2, bottom + 40);
  svg += formatted("<text x='%.0f' y='%.0f'>messages lost</text>\n", left - 60, top - 12);
  return svg;
}

}  // namespace

std::string table(const std::vector<Measured>& measured) {
  std::string lines =
      "ids         skew ms  commit delay ms  messages/s       lost      of  share\n";
  for (const auto& [conditions, losses] : measured) {
    lines += formatted("%-10s %8g %16g %11g %10llu %7llu  %.4f %%\n", name(conditions.ids),
                       conditions.skew_ms, conditions.commit_delay_ms, conditions.rate,
                       static_cast<unsigned long long>(losses.lost),
                       static_cast<unsigned long long>(losses.sent), 100 * losses.share());
  }
  return lines;
}

std::string csv(const std::vector<Measured>& measured) {
  std::string lines =
      "ids,skew_ms,commit_delay_ms,rate_per_s,servers,sent,lost,histories,histories_with_loss\n";
  for (const auto& [conditions, losses] : measured) {
    lines += formatted("%s,%g,%g,%g,%u,%llu,%llu,%llu,%llu\n", name(conditions.ids),
                       conditions.skew_ms, conditions.commit_delay_ms, conditions.rate,
                       conditions.servers, static_cast<unsigned long long>(losses.sent),
                       static_cast<unsigned long long>(losses.lost),
                       static_cast<unsigned long long>(losses.histories),
                       static_cast<unsigned long long>(losses.histories_with_loss));
  }
  return lines;
}

std::string svg(const std::vector<Measured>& measured) {
  constexpr std::array colours{"#1f77b4", "#d62728", "#2ca02c", "#9467bd",
                               "#ff7f0e", "#8c564b", "#17becf", "#7f7f7f"};
  std::map<std::tuple<IdPolicy, double, double>, std::map<double, double>> lines;
  for (const auto& [conditions, losses] : measured) {
    const auto line = is_one_line(conditions.ids)
                          ? std::tuple{conditions.ids, 0.0, 0.0}
                          : std::tuple{conditions.ids, conditions.commit_delay_ms, conditions.rate};
    auto& share = lines[line][conditions.skew_ms];
    share = std::max(share, losses.share());
  }
  auto svg = formatted(
      "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %.0f %.0f' "
      "font-family='sans-serif' font-size='12'>\n",
      width, height);
  svg +=
      "<style>.grid{stroke:#ddd} polyline{fill:none;stroke-width:2}</style>\n"
      "<rect width='100%' height='100%' fill='white'/>\n" +
      axes();
  std::size_t number = 0;
  for (const auto& [what, points] : lines) {
    const auto& [ids, delay, rate] = what;
    const auto* colour = colours[number % colours.size()];
    svg += formatted("<polyline stroke='%s' points='", colour);
    for (const auto& [skew, share] : points)
      svg += formatted("%.1f,%.1f ", x_of(skew), y_of(share));
    svg += "'/>\n";
    const auto y = top + 20 * double(++number);
    svg += formatted("<rect x='%.0f' y='%.0f' width='14' height='4' fill='%s'/>", right + 12, y - 6,
                     colour);
    const auto label = is_one_line(ids) ? formatted("%s, any", name(ids))
                                        : formatted("%s, %g ms, %g/s", name(ids), delay, rate);
    svg += formatted("<text x='%.0f' y='%.0f'>%s</text>\n", right + 32, y, label.c_str());
  }
  svg += formatted("<text x='%.0f' y='%.0f' fill='#555'>ids, commit delay, rate</text>\n",
                   right + 12, top);
  return svg + "</svg>\n";
}

}  // namespace twostep::model::explore
