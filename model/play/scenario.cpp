#include "model/play/scenario.hpp"

#include <algorithm>

#include "model/play/stage_player.hpp"
#include "model/play/table.hpp"

namespace twostep::model {

Played play(std::string_view scenario) {
  Played played;
  StagePlayer player;
  bool has_begun = false;
  const auto lines = lines_of(scenario);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto& line = lines[i];
    if (line.starts_with(' ')) continue;  // An outcome; it is written anew.
    played.text += line + '\n';
    if (line.starts_with('#') && played.title.empty()) played.title = trimmed(line.substr(1));
    if (line == "# Picture") played.picture.clear();
    if (line.empty() || line.starts_with('#')) continue;

    const auto setting = has_begun ? std::nullopt : match("*: *", line);
    has_begun = has_begun || !setting || line.starts_with("after ");
    Trace seen;
    const auto error =
        has_begun ? player.command(line, seen) : player.set(setting->front(), setting->back());
    if (!error.empty()) played.errors.push_back("line " + std::to_string(i + 1) + ": " + error);
    for (const auto& what : seen) played.text += "  " + text(what) + '\n';
    played.trace.insert(played.trace.end(), seen.begin(), seen.end());
    played.picture.insert(played.picture.end(), seen.begin(), seen.end());
  }
  return played;
}

std::string difference(std::string_view expected, std::string_view actual) {
  const auto wanted = lines_of(expected);
  const auto got = lines_of(actual);
  for (std::size_t i = 0; i < std::max(wanted.size(), got.size()); ++i) {
    const std::string nothing = "(end)";
    const auto& was = i < wanted.size() ? wanted[i] : nothing;
    const auto& is = i < got.size() ? got[i] : nothing;
    if (was != is) return "line " + std::to_string(i + 1) + ":\n- " + was + "\n+ " + is;
  }
  return {};
}

}  // namespace twostep::model
