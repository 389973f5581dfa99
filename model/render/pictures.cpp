#include "model/render/pictures.hpp"

#include "model/play/scenario.hpp"
#include "model/play/table.hpp"
#include "model/render/mermaid.hpp"

namespace twostep::model {
namespace {

// What a reader who meets the flow for the first time can do without.
Trace without_details(Trace trace) {
  std::erase_if(trace, [](const Line& line) { return line.text.starts_with("takes ids"); });
  return trace;
}

}  // namespace

Illustrated illustrate(
    std::string_view document,
    const std::function<std::optional<std::string>(const std::string& path)>& read) {
  Illustrated result;
  const auto lines = lines_of(document);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    result.text += lines[i] + '\n';
    const auto path = match("<!-- picture: * -->", lines[i]);
    if (!path) continue;
    const auto scenario = read(path->front());
    if (!scenario || i + 1 >= lines.size() || lines[i + 1] != "```mermaid") {
      result.errors.push_back("line " + std::to_string(i + 1) +
                              ": no scenario, or no block for its picture");
      continue;
    }
    result.text += "```mermaid\n" + mermaid(without_details(play(*scenario).picture)) + "```\n";
    for (++i; i + 1 < lines.size() && lines[i + 1] != "```"; ++i) {
    }
    ++i;
  }
  return result;
}

}  // namespace twostep::model
