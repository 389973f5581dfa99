#include "conformance/runner/arguments.hpp"

#include <CLI/CLI.hpp>

#include "conformance/runner/verdict.hpp"

namespace twostep::conformance {
namespace {

/// "2/4" as the second of four.
std::string read_shard(const std::string& text, Arguments& arguments) {
  const auto slash = text.find('/');
  if (slash != std::string::npos) {
    arguments.shard = std::atoi(text.c_str());
    arguments.shards = std::atoi(text.c_str() + slash + 1);
  }
  const bool fine =
      slash != std::string::npos && arguments.shard >= 1 && arguments.shard <= arguments.shards;
  return fine ? "" : "--shard is given as 1/4, the first of four";
}

}  // namespace

std::optional<Arguments> parse_arguments(int argc, char** argv, int& exit_code) {
  Arguments arguments;
  arguments.program = argv[0];
  bool list = false;
  bool coverage = false;
  std::string shard;
  std::uint64_t seed = 0;

  CLI::App app{
      "Judges a messaging backend over HTTP and websocket, clause by clause.\n"
      "Exit codes: 0 conformant, 1 not conformant, 2 inconclusive, 3 target unreachable, 4 the "
      "suite "
      "itself failed."};
  auto* target = app.add_option("--target", arguments.target, "Target file (JSON)");
  auto* http = app.add_option("--http", arguments.http, "http://host:port of the backend");
  app.add_option("--ws", arguments.websocket, "ws://host:port of the backend")->needs(http);
  app.add_option("--domain", arguments.domain, "Domain of the backend")->needs(http);
  target->excludes(http);
  app.add_flag("--list", list, "List clauses and the tests that show them");
  app.add_flag("--coverage", coverage, "Fail if a clause that can be observed has no test");
  app.add_option("--clause", arguments.clauses, "Only this clause or chapter: CUP-03, or CUP");
  app.add_option("--test", arguments.tests, "Only tests of this name; * stands for anything");
  auto* shuffle = app.add_option("--shuffle", seed, "Run in the order of this seed");
  app.add_option("--shard", shard, "Run only a part: 1/4 is the first of four");
  app.add_option("--jobs", arguments.jobs, "Tests at once; 0 suits the machine")
      ->check(CLI::Range(0, 256));
  app.add_option("--repeat", arguments.repeats, "How often a failure is repeated")
      ->check(CLI::Range(0, 20));
  app.add_option("--patience", arguments.patience, "Factor for every deadline")
      ->check(CLI::Range(0.1, 1000.0));
  app.add_option("--report", arguments.report, "Folder for the reports");
  app.add_option("--junit", arguments.junit, "JUnit XML file, besides that in the folder");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    exit_code = app.exit(error) == 0 ? 0 : static_cast<int>(Exit::broken);
    return std::nullopt;
  }
  if (shuffle->count() > 0) arguments.shuffle = seed;
  auto wrong = shard.empty() ? "" : read_shard(shard, arguments);
  if (list) arguments.job = Arguments::Job::list;
  if (coverage) arguments.job = Arguments::Job::coverage;
  if (arguments.job == Arguments::Job::run && arguments.target.empty() &&
      (arguments.http.empty() || arguments.websocket.empty() || arguments.domain.empty())) {
    wrong = "give a --target file, or --http, --ws and --domain";
  }
  if (!wrong.empty()) {
    std::cerr << wrong << "\n";
    exit_code = static_cast<int>(Exit::broken);
    return std::nullopt;
  }
  return arguments;
}

bool matches(const std::string& pattern, const std::string& name) {
  const auto star = pattern.find('*');
  if (star == std::string::npos) return pattern == name;
  if (!name.starts_with(pattern.substr(0, star))) return false;
  const auto rest = pattern.substr(star + 1);
  for (auto from = star; from <= name.size(); ++from) {
    if (matches(rest, name.substr(from))) return true;
  }
  return false;
}

}  // namespace twostep::conformance
