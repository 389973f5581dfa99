#include "property-tests/campaign/finding.hpp"

#include <algorithm>
#include <fstream>
#include <ostream>

#include "model/render/mermaid.hpp"
#include "model/render/page.hpp"
#include "property-tests/campaign/shrink.hpp"

namespace twostep::properties {
namespace {

/// Enough for a small run in some seconds; what is left then is small enough to be read.
constexpr std::size_t attempts_max = 3'000;

Start again(const Start& start, const Decisions& decisions) {
  Start repeated = start;
  repeated.seed = decisions.seed;
  repeated.given = decisions;
  return repeated;
}

std::filesystem::path picture_of(std::filesystem::path file) {
  return file.replace_extension(".html");
}

}  // namespace

std::optional<Violation> first_violation(const Start& start, RunResult& result, bool twice) {
  result = run(start);
  if (!result.violations.empty()) return result.violations.front();
  if (!twice) return std::nullopt;
  const auto second = run(start);
  result.judged.saw(Rule::repeats_itself);
  if (second.hash == result.hash) return std::nullopt;
  return Violation{std::string{name_of(Rule::repeats_itself)}, "the two hashes differ"};
}

Finding find_smallest(const Start& start, const RunResult& failed) {
  const auto property = failed.violations.front().property;
  const auto fails = [&](const Decisions& decisions) {
    const auto result = run(again(start, decisions));
    return std::any_of(result.violations.begin(), result.violations.end(),
                       [&](const Violation& violation) { return violation.property == property; });
  };
  Finding finding{failed.violations.front(), failed.decisions, {}};
  if (!fails(finding.decisions)) {
    finding.violation = {"the same decisions give the same run", property};
    return finding;
  }
  finding.decisions = shrink(failed.decisions, fails, attempts_max);
  auto told = again(start, finding.decisions);
  told.keeps_lines = true;
  auto result = run(told);
  const auto found =
      std::find_if(result.violations.begin(), result.violations.end(),
                   [&](const Violation& violation) { return violation.property == property; });
  if (found != result.violations.end()) finding.violation = *found;
  finding.lines = std::move(result.lines);
  return finding;
}

void tell(std::ostream& out, const Finding& finding, const std::filesystem::path& file) {
  out << '\n';
  for (const auto& line : finding.lines) out << text_of(line) << '\n';
  out << "\nThis does not hold: " << finding.violation.property << "\n  " << finding.violation.what
      << "\nSeed " << finding.decisions.seed << ", " << finding.decisions.commands.size()
      << " acts. Again:\n  ./run properties --replay " << file.string() << "\nAs a picture:\n  "
      << picture_of(file).string() << "\n\n";
}

void keep(const Finding& finding, const std::filesystem::path& file) {
  if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path());
  std::ofstream out{file};
  out << "# " << finding.violation.property << ": " << finding.violation.what << '\n';
  write(out, finding.decisions);

  model::Trace lines;
  for (const auto& told : finding.lines) lines.push_back(told.line);
  std::ofstream{picture_of(file)} << model::page(finding.violation.property, lines);
  std::ofstream{std::filesystem::path{file}.replace_extension(".mmd")} << model::mermaid(lines);
}

std::optional<Decisions> read_kept(const std::filesystem::path& file) {
  std::ifstream in{file};
  if (!in) return std::nullopt;
  return read_decisions(in);
}

}  // namespace twostep::properties
