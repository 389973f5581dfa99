#include "model/render/mermaid.hpp"

#include "model/render/lanes.hpp"

namespace twostep::model {
namespace {

const char* arrow(Line::Kind kind) {
  switch (kind) {
    case Line::Kind::call:
      return "->>";
    case Line::Kind::reply:
      return "-->>";
    case Line::Kind::frame:
      return "--)";
    case Line::Kind::lost:
      return "-x";
    case Line::Kind::note:
      break;
  }
  return "";
}

}  // namespace

std::string mermaid(const Trace& trace) {
  const auto lanes = lanes_of(trace);
  std::string text = "sequenceDiagram\n";
  for (const auto& lane : lanes) text += "  participant " + lane + '\n';
  for (const auto& line : trace) {
    if (line.kind == Line::Kind::note) {
      const auto lane = lane_of(line.from);
      const auto over = !lane.empty() ? lane : lanes.front() + ',' + lanes.back();
      text +=
          "  Note over " + over + ": " + (lane.empty() ? line.from + ' ' : "") + line.text + '\n';
    } else {
      text +=
          "  " + lane_of(line.from) + arrow(line.kind) + lane_of(line.to) + ": " + line.text + '\n';
    }
  }
  return text;
}

}  // namespace twostep::model
