// twostep-explore: every history of a small world.

#include <algorithm>
#include <fstream>
#include <functional>
#include <iostream>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "model/explore/app/catalogue.hpp"
#include "model/explore/app/jobs.hpp"
#include "model/explore/app/options.hpp"
#include "model/explore/app/tell.hpp"

namespace twostep::model::explore {
namespace {

// False if a file could not be written, or there is nothing to draw.
bool write_all(const Request& request, const NamedWorld& world, const Explored& explored) {
  const auto* shown = to_be_drawn(explored);
  const auto draw = [&](const std::string& file, const std::function<std::string()> Told::*form) {
    if (file.empty()) return true;
    if (shown == nullptr || !(shown->*form)) {
      std::cerr << "twostep-explore: no history that can be drawn for " << file << '\n';
      return false;
    }
    return write(file, (shown->*form)());
  };
  const bool told = request.json.empty() || write(request.json, json(world, explored));
  return draw(request.mermaid, &Told::mermaid) && draw(request.html, &Told::html) && told;
}

// Whether this is what the world is documented to have: the counts, and what does not hold, if anything.
bool is_as_documented(const NamedWorld& world, const Explored& explored) {
  const auto& findings = explored.findings;
  const auto& shows = world.documented.shows;
  const bool finds = shows.empty() ? findings.empty() && explored.end == End::complete
                                   : findings.size() == 1 && findings.front().property == shows;
  return finds && counted(world, explored) == world.documented;
}

std::optional<Bug> bug_named(std::string_view name) {
  if (name.empty()) return Bug::none;
  const auto bugs = all_bugs();
  const auto at =
      std::find_if(bugs.begin(), bugs.end(), [&](const NamedBug& bug) { return bug.name == name; });
  return at != bugs.end() ? std::optional{at->bug} : std::nullopt;
}

int explore(const Request& request) {
  const auto* world = find_world(request.words.front());
  if (world == nullptr) return refuse("no such world: " + request.words.front());
  const auto bug = bug_named(request.bug);
  if (!bug) return refuse("no such bug: " + request.bug);
  if (*bug != Bug::none && !world->can_have_bugs)
    return refuse("no bugs can be planted in " + request.words.front());

  auto options = request.options;
  if (!request.quiet) {
    options.on_progress = [](const Counts& counts) {
      std::cerr << '\r' << progress(counts) << std::flush;
    };
  }
  const auto explored = world->explore(options, *bug);
  auto& people =
      request.json == "-" || request.mermaid == "-" || request.html == "-" ? std::cerr : std::cout;
  people << tell(*world, explored, request.witnesses);
  if (!write_all(request, *world, explored)) return not_understood;

  if (request.pinned) {
    if (is_as_documented(*world, explored)) return holds;
    people << "Documented is: " << text(world->documented) << '\n';
    return does_not_hold;
  }
  if (!explored.findings.empty()) return does_not_hold;
  return explored.end == End::complete ? holds : not_complete;
}

int run(std::span<const char* const> arguments) {
  const std::string_view job = arguments.empty() ? "" : arguments[0];
  if (job == "loss") return run_loss(arguments.subspan(1));
  if (job == "compare") return run_compare(arguments.subspan(1));
  if (job == "reports") return run_reports(arguments.subspan(1));
  const auto parsed = parse(arguments);
  if (const auto* why = std::get_if<std::string>(&parsed)) return refuse(*why);
  const auto& request = std::get<Request>(parsed);
  if (request.help) return std::cout << help(), holds;
  if (request.list) return std::cout << list(), holds;
  if (request.words.size() != 1) return refuse("one world, please");
  return explore(request);
}

}  // namespace

int refuse(const std::string& why) {
  std::cerr << "twostep-explore: " << why << "\ntwostep-explore --help tells more\n";
  return not_understood;
}

bool write(const std::string& file, const std::string& text) {
  const bool written = file == "-" ? bool(std::cout << text << std::flush)
                                   : bool(std::ofstream{file} << text << std::flush);
  if (!written) std::cerr << "twostep-explore: cannot write " << file << '\n';
  return written;
}

}  // namespace twostep::model::explore

int main(int count, char** arguments) {
  return twostep::model::explore::run({arguments + 1, static_cast<std::size_t>(count - 1)});
}
