#include <algorithm>
#include <sstream>

#include "conformance/runner/exchange.hpp"
#include "conformance/runner/html.hpp"

namespace twostep::conformance {
namespace {

constexpr int lane_width = 300;
constexpr int row_height = 34;
constexpr int head_height = 40;
constexpr std::size_t label_bytes_max = 44;

/// A failure should fit on a screen; what went before is in the transcript.
constexpr std::size_t rows_max = 24;

const std::string backend_lane = "backend";
const std::string push_lane = "push gateway";

std::string text(const Json& entry, const char* key) {
  return entry.contains(key) && entry[key].is_string() ? entry[key].get<std::string>() : "";
}

struct Row {
  std::string from;  ///< "" for a note across all lanes.
  std::string to;
  std::string above;
  std::string below = {};
  std::string details = {};
  bool good = true;
};

bool is_setup(const Json& entry) {
  if (text(entry, "kind") == "call") return entry.value("setup", false);
  if (text(entry, "kind") != "http") return false;
  const auto path = short_path(text(entry, "path"));
  const auto starts = [&](const char* prefix) { return path.starts_with(prefix); };
  const bool setup_path =
      starts("/register") || starts("/login") || starts("/access") || starts("/connections/") ||
      starts("/i/users") || starts("/api-version") ||
      starts("/federation/brig/send-connection-action") ||
      ((path == "/clients" || path == "/conversations") && text(entry, "method") == "POST");
  return setup_path && entry.value("status", 0) / 100 == 2;
}

/// What a frame is about: the types of its events, or its text.
std::string gist(const std::string& payload) {
  const auto json = Json::parse(payload, nullptr, false);
  if (!json.is_object() || !json.contains("payload")) return payload;
  std::string types;
  for (const auto& event : json["payload"]) {
    types += (types.empty() ? "" : ", ") + text(event, "type");
  }
  return types;
}

Row row_of(const Json& entry) {
  const auto kind = text(entry, "kind");
  const auto actor = text(entry, "actor");
  if (kind == "http") {
    const auto status = entry.value("status", 0);
    const auto response = text(entry, "response");
    return {.from = actor,
            .to = backend_lane,
            .above = text(entry, "method") + " " + short_path(text(entry, "path")),
            .below = status == 0 ? "no answer: " + text(entry, "error")
                                 : std::to_string(status) + " " + short_path(response),
            .details = response,
            .good = status >= 100 && status < 400};
  }
  if (kind == "call") {
    const auto status = entry.value("status", 0);
    return {.from = backend_lane,
            .to = actor,
            .above = text(entry, "rpc"),
            .below = (status == 0 ? "" : std::to_string(status) + " ") + text(entry, "ending") +
                     short_path(text(entry, "response")),
            .details = text(entry, "request"),
            .good = status >= 100 && status < 400 && text(entry, "ending").empty()};
  }
  if (kind == "frame" || kind == "bytes") {
    const bool in = text(entry, "direction") == "in";
    const auto opcode = text(entry, "opcode");
    return {.from = in ? backend_lane : actor,
            .to = in ? actor : backend_lane,
            .above = (opcode.empty() ? "bytes " : opcode + " ") + gist(text(entry, "payload")),
            .details = text(entry, "payload")};
  }
  if (kind == "push") {
    const auto arrived = entry.value("arrived", Json::array());
    return {.from = backend_lane,
            .to = push_lane,
            .above = std::to_string(arrived.size()) + " pushes have arrived",
            .details = arrived.dump()};
  }
  return {.from = "", .to = "", .above = text(entry, "command") + text(entry, "text")};
}

std::vector<Row> rows_of(const std::vector<Json>& history, bool fold_setup) {
  std::vector<Row> rows;
  std::size_t folded = 0;
  const auto unfold = [&] {
    if (folded == 0) return;
    rows.push_back(
        {.from = "", .to = "", .above = "setup: " + std::to_string(folded) + " requests"});
    folded = 0;
  };
  for (const auto& entry : history) {
    if (fold_setup && is_setup(entry)) {
      ++folded;
      continue;
    }
    unfold();
    rows.push_back(row_of(entry));
  }
  unfold();
  if (rows.size() > rows_max) {
    const auto left_out = static_cast<std::ptrdiff_t>(rows.size() - rows_max);
    rows.erase(rows.begin(), rows.begin() + left_out);
    rows.insert(rows.begin(),
                {.from = "", .to = "", .above = "… " + std::to_string(left_out) + " earlier"});
  }
  return rows;
}

class Drawing {
 public:
  explicit Drawing(const std::vector<Row>& rows) {
    for (const auto& row : rows) {
      for (const auto& who : {row.from, row.to}) {
        const bool new_here = std::ranges::find(lanes_, who) == lanes_.end();
        if (!who.empty() && who != backend_lane && who != push_lane && new_here)
          lanes_.push_back(who);
      }
    }
    lanes_.push_back(backend_lane);
    const auto pushes = [](const Row& row) { return row.to == push_lane; };
    if (std::ranges::any_of(rows, pushes)) lanes_.push_back(push_lane);
    width_ = lane_width * static_cast<int>(lanes_.size());
    height_ = head_height + row_height * static_cast<int>(rows.size()) + 10;
  }

  std::string svg(const std::vector<Row>& rows) {
    out_ << "<svg class=\"sequence\" viewBox=\"0 0 " << width_ << ' ' << height_ << "\" width=\""
         << width_ << "\" role=\"img\" aria-label=\"recorded exchange\">\n";
    for (const auto& lane : lanes_) {
      const int x = x_of(lane);
      out_ << "<line class=\"lane\" x1=\"" << x << "\" y1=\"28\" x2=\"" << x << "\" y2=\""
           << height_ << "\"/><text class=\"who\" x=\"" << x << "\" y=\"18\">" << escaped(lane)
           << "</text>\n";
    }
    int y = head_height + 14;
    for (const auto& row : rows) {
      row.from.empty() ? note(row, y) : arrow(row, y);
      y += row_height;
    }
    out_ << "</svg>\n";
    return out_.str();
  }

 private:
  int x_of(const std::string& lane) const {
    const auto at = std::ranges::find(lanes_, lane) - lanes_.begin();
    return lane_width / 2 + static_cast<int>(at) * lane_width;
  }

  void note(const Row& row, int y) {
    out_ << "<text class=\"note\" x=\"" << width_ / 2 << "\" y=\"" << y << "\">"
         << escaped(clipped(row.above, 2 * label_bytes_max)) << "</text>\n";
  }

  void arrow(const Row& row, int y) {
    const int from = x_of(row.from);
    const int to = x_of(row.to);
    const int tip = to > from ? to - 7 : to + 7;
    const int middle = (from + to) / 2;
    out_ << "<g class=\"" << (row.good ? "good" : "bad") << "\"><title>"
         << escaped(shortened(row.details, 1'000)) << "</title><line x1=\"" << from << "\" y1=\""
         << y << "\" x2=\"" << to << "\" y2=\"" << y << "\"/><path d=\"M" << to << ' ' << y << 'L'
         << tip << ' ' << y - 4 << 'L' << tip << ' ' << y + 4 << "z\"/>"
         << label(row.above, middle, y - 4) << label(row.below, middle, y + 12) << "</g>\n";
  }

  static std::string label(const std::string& text, int x, int y) {
    if (text.empty()) return {};
    return "<text x=\"" + std::to_string(x) + "\" y=\"" + std::to_string(y) + "\">" +
           escaped(clipped(text, label_bytes_max)) + "</text>";
  }

  std::vector<std::string> lanes_ = {};
  int width_ = 0;
  int height_ = 0;
  std::ostringstream out_ = {};
};

}  // namespace

std::string sequence_diagram(const std::vector<Json>& history, bool fold_setup) {
  const auto rows = rows_of(history, fold_setup);
  if (rows.empty()) return {};
  return Drawing{rows}.svg(rows);
}

}  // namespace twostep::conformance
