#include "model/render/page.hpp"

#include <algorithm>
#include <cstddef>

#include "model/render/lanes.hpp"

namespace twostep::model {
namespace {

constexpr int lane_width = 170;
constexpr int row_height = 34;
constexpr int head_height = 50;

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char letter : text) {
    switch (letter) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      default:
        safe += letter;
    }
  }
  return safe;
}

std::string at(const char* attribute, int value) {
  return std::string{" "} + attribute + "=\"" + std::to_string(value) + '"';
}

class Drawing {
 public:
  explicit Drawing(const Trace& trace)
      : lanes_{lanes_of(trace)},
        width_{std::max(1, static_cast<int>(lanes_.size())) * lane_width},
        height_{head_height + static_cast<int>(trace.size() + 1) * row_height} {
    for (const auto& lane : lanes_) {
      const int x = middle_of(lane);
      body_ += "<line class=\"life\"" + at("x1", x) + at("x2", x) + at("y1", head_height - 12) +
               at("y2", height_ - row_height / 2) + "/>\n";
      label(lane, x, head_height - 22, "who");
    }
    int y = head_height + row_height / 2;
    for (const auto& line : trace) {
      line.kind == Line::Kind::note ? draw_note(line, y) : draw_arrow(line, y);
      y += row_height;
    }
  }

  std::string text() const {
    return "<svg xmlns=\"http://www.w3.org/2000/svg\"" + at("width", width_) +
           at("height", height_) + " viewBox=\"0 0 " + std::to_string(width_) + ' ' +
           std::to_string(height_) + "\">\n" + style() + body_ + "</svg>\n";
  }

 private:
  static std::string style() {
    return "<style>\n"
           "svg { background: #fff; }\n"
           "text { font: 12px sans-serif; text-anchor: middle; fill: #222; }\n"
           ".who { font-weight: bold; font-size: 14px; }\n"
           ".life { stroke: #bbb; stroke-dasharray: 3 3; }\n"
           ".call { stroke: #246; fill: none; }\n"
           ".reply { stroke: #246; fill: none; stroke-dasharray: 5 3; }\n"
           ".frame { stroke: #272; fill: none; stroke-width: 2; }\n"
           ".lost { stroke: #b22; fill: none; stroke-dasharray: 2 2; }\n"
           ".note { fill: #fff7d6; stroke: #d8c27a; }\n"
           "</style>\n";
  }

  int middle_of(const std::string& lane) const {
    const auto place = std::find(lanes_.begin(), lanes_.end(), lane) - lanes_.begin();
    return static_cast<int>(place) * lane_width + lane_width / 2;
  }

  void label(const std::string& text, int x, int y, const char* kind) {
    body_ += "<text class=\"" + std::string{kind} + '"' + at("x", x) + at("y", y) + '>' +
             escaped(text) + "</text>\n";
  }

  void draw_note(const Line& line, int y) {
    const auto lane = lane_of(line.from);
    const int x = lane.empty() ? width_ / 2 : middle_of(lane);
    const auto text = lane.empty() ? line.from + ' ' + line.text : line.text;
    const int half = static_cast<int>(text.size()) * 3 + 10;
    body_ += "<rect class=\"note\" rx=\"3\"" + at("x", x - half) + at("y", y - 13) +
             at("width", 2 * half) + at("height", 20) + "/>\n";
    label(text, x, y + 2, "said");
  }

  void draw_arrow(const Line& line, int y) {
    const int from = middle_of(lane_of(line.from));
    const int to = middle_of(lane_of(line.to));
    const int ahead = to > from ? 1 : -1;
    // What is lost ends on the way.
    const int end = line.kind == Line::Kind::lost ? (from + to) / 2 + ahead * 30 : to;
    const std::string kind = line.kind == Line::Kind::call    ? "call"
                             : line.kind == Line::Kind::reply ? "reply"
                             : line.kind == Line::Kind::frame ? "frame"
                                                              : "lost";
    body_ += "<line class=\"" + kind + '"' + at("x1", from) + at("x2", end) + at("y1", y) +
             at("y2", y) + "/>\n";
    const auto tip = [&](int x, int dy) {
      return std::to_string(x) + ' ' + std::to_string(y + dy);
    };
    const auto head = kind == "lost" ? "M" + tip(end - 5, -5) + " L" + tip(end + 5, 5) + " M" +
                                           tip(end - 5, 5) + " L" + tip(end + 5, -5)
                                     : "M" + tip(end - ahead * 8, -4) + " L" + tip(end, 0) + " L" +
                                           tip(end - ahead * 8, 4);
    body_ += "<path class=\"" + (kind == "reply" ? std::string{"call"} : kind) + "\" d=\"" + head +
             "\"/>\n";
    label(line.text, (from + to) / 2, y - 5, "said");
  }

  std::vector<std::string> lanes_;
  int width_;
  int height_;
  std::string body_;
};

}  // namespace

std::string svg(const Trace& trace) { return Drawing{trace}.text(); }

std::string dialogue(const Trace& trace) {
  std::string lines;
  for (const auto& line : trace) lines += text(line) + '\n';
  return lines;
}

std::string page(const std::string& title, const Trace& trace) {
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>" +
         escaped(title) +
         "</title>\n<style>body { font-family: sans-serif; margin: 2em; } pre { line-height: 1.4; "
         "}</style>\n"
         "</head>\n<body>\n<h1>" +
         escaped(title) + "</h1>\n" + svg(trace) + "<pre>\n" + escaped(dialogue(trace)) +
         "</pre>\n</body>\n</html>\n";
}

}  // namespace twostep::model
