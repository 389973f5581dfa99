#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace twostep::conformance {

/// The command line of the suite. README.md of this folder's parent shows it in use.
struct Arguments {
  enum class Job { run, list, coverage };
  Job job = Job::run;

  std::string target = {};  ///< File; else the three below.
  std::string http = {};
  std::string websocket = {};
  std::string domain = {};

  std::vector<std::string> clauses = {};  ///< "CUP-03" or a chapter, "CUP"; empty for all.
  std::vector<std::string> tests = {};    ///< Names with '*'; empty for all.
  std::optional<std::uint64_t> shuffle = {};
  int shard = 1;  ///< This one, of
  int shards = 1;

  int jobs = 0;  ///< 0 for as many as suit the machine.
  int repeats = 2;
  double patience = 1.0;
  std::string report = "conformance-report";
  std::string junit = {};

  std::string program = {};  ///< As called, for the line that repeats a test.
};

/// Errors     Prints what is wrong, or the help, and gives the exit code in `exit_code`.
std::optional<Arguments> parse_arguments(int argc, char** argv, int& exit_code);

/// Whether a name matches a pattern in which `*` stands for anything.
bool matches(const std::string& pattern, const std::string& name);

}  // namespace twostep::conformance
