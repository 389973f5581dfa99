#include "bench/macro/plot.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

namespace twostep::bench {
namespace {

constexpr double width = 760;
constexpr double height = 460;
constexpr double margin = 60;

constexpr std::array colours = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"};

/// A logarithmic axis from one power of ten to another. What is smaller lies on its beginning: that is
/// where a backlog of zero belongs.
struct Axis {
  int first;
  int last;
  double from;
  double to;

  double place(double value) const {
    const auto power = std::max<double>(first, value > 0 ? std::log10(value) : first);
    return from + (power - first) / (last - first) * (to - from);
  }
};

struct Point {
  double backlog;
  double median;
  double high;
};

using Lines = std::map<std::size_t, std::vector<Point>>;

Lines lines_of(const std::vector<Row>& rows) {
  Lines lines;
  for (const auto& row : rows) {
    lines[row.at("page size")].push_back({row.at("backlog"), row.at("p50 ms"), row.at("p99 ms")});
  }
  return lines;
}

std::string power_of_ten(int power) {
  std::ostringstream out;
  out << std::pow(10, power);
  return out.str();
}

void draw_axes(std::ostream& out, const Axis& x, const Axis& y) {
  for (int power = y.first; power <= y.last; ++power) {
    const auto at = y.place(std::pow(10, power));
    out << "<line class='grid' x1='" << x.from << "' x2='" << x.to << "' y1='" << at << "' y2='"
        << at << "'/><text text-anchor='end' x='" << x.from - 8 << "' y='" << at + 4 << "'>"
        << power_of_ten(power) << " ms</text>\n";
  }
  for (int power = x.first; power <= x.last; ++power) {
    const auto at = x.place(std::pow(10, power));
    out << "<line class='grid' y1='" << y.from << "' y2='" << y.to << "' x1='" << at << "' x2='"
        << at << "'/><text text-anchor='middle' x='" << at << "' y='" << y.from + 18 << "'>"
        << (power == x.first ? "0" : power_of_ten(power)) << "</text>\n";
  }
  out << "<text text-anchor='middle' x='" << (x.from + x.to) / 2 << "' y='" << y.from + 40
      << "'>notifications behind</text>\n";
}

void draw_line(std::ostream& out, const Axis& x, const Axis& y, const std::vector<Point>& points,
               const char* colour) {
  out << "<g stroke='" << colour << "' fill='none'><polyline stroke-width='2' points='";
  for (const auto& point : points)
    out << x.place(point.backlog) << ',' << y.place(point.median) << ' ';
  out << "'/>";
  for (const auto& point : points) {
    const auto at = x.place(point.backlog);
    out << "<line stroke-opacity='.5' x1='" << at << "' x2='" << at << "' y1='"
        << y.place(point.median) << "' y2='" << y.place(point.high) << "'/><circle r='3' fill='"
        << colour << "' cx='" << at << "' cy='" << y.place(point.median) << "'><title>"
        << point.backlog << " behind: p50 " << point.median << " ms, p99 " << point.high
        << " ms</title></circle>";
  }
  out << "</g>\n";
}

void draw_legend(std::ostream& out, const Lines& lines) {
  double at = margin + 10;
  std::size_t line = 0;
  for (const auto& [size, points] : lines) {
    out << "<text fill='" << colours[line++ % colours.size()] << "' x='" << margin + 16 << "' y='"
        << (at += 18) << "'>pages of " << size << "</text>\n";
  }
}

}  // namespace

void write_plot(const std::filesystem::path& file, const std::vector<Row>& rows) {
  const auto lines = lines_of(rows);
  double most = 10;
  double low = 1e9;
  double high = 0;
  for (const auto& [size, points] : lines) {
    for (const auto& point : points) {
      most = std::max(most, point.backlog);
      low = std::min(low, std::max(point.median, 0.001));
      high = std::max(high, point.high);
    }
  }
  const Axis x{-1, static_cast<int>(std::ceil(std::log10(most))), margin + 10, width - 20};
  const auto lowest = static_cast<int>(std::floor(std::log10(low)));
  const Axis y{lowest, std::max(lowest + 1, static_cast<int>(std::ceil(std::log10(high)))),
               height - margin, 20};

  std::ofstream out{file};
  out << "<!doctype html><meta charset='utf-8'><title>Catching up</title>\n"
         "<style>body{font:15px system-ui,sans-serif;margin:2em;max-width:50em}"
         ".grid{stroke:#ddd}text{font-size:12px}</style>\n"
         "<h1>Catching up: latency by backlog and page size</h1>\n"
         "<svg role='img' aria-label='latency by backlog' viewBox='0 0 "
      << width << ' ' << height << "'>\n";
  draw_axes(out, x, y);
  std::size_t line = 0;
  for (const auto& [size, points] : lines)
    draw_line(out, x, y, points, colours[line++ % colours.size()]);
  draw_legend(out, lines);
  out << "</svg>\n<p>From the intended start of a catch up until its last page is there. Dots are "
         "medians, bars reach to the 99th percentile.</p>\n";
}

}  // namespace twostep::bench
