#include "impl/app/config.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "impl/app/config_file.hpp"
#include "impl/app/option_table.hpp"

namespace twostep::app {
namespace {

constexpr int bad_usage = 2;

using Texts = std::map<std::string, std::string, std::less<>>;

std::optional<Exit> check(const Invocation& invocation) {
  const auto& config = invocation.config;
  if (invocation.command == Command::serve && !config.domain) {
    return Exit{bad_usage, "twostep-server: --domain is missing, such as --domain a.example\n"};
  }
  if (config.store == StoreKind::lmdb && config.data.empty()) {
    return Exit{bad_usage,
                "twostep-server: say where to keep things with --data DIRECTORY, "
                "or try it out with --store memory\n"};
  }
  if (invocation.command == Command::export_store && config.store == StoreKind::memory) {
    return Exit{bad_usage, "twostep-server: a store in memory cannot be exported\n"};
  }
  return std::nullopt;
}

}  // namespace

std::variant<Invocation, Exit> read_command_line(int argc, const char* const* argv) {
  CLI::App cli{"A messaging backend: what was accepted is not lost."};
  cli.name("twostep-server");
  cli.footer("Each option can also be given in the environment (TWOSTEP_LISTEN) or in the file.");
  cli.fallthrough();
  auto* const exporting = cli.add_subcommand(
      "export", "write the whole store of --data to standard output, as JSON lines");

  std::string file;
  cli.add_option("--config", file, "a TOML file with these options")
      ->type_name("FILE")
      ->envname("TWOSTEP_CONFIG");
  Texts texts;
  for (const auto& option : options()) {
    auto& text = texts[std::string{option.name}];
    auto* const flag =
        cli.add_option("--" + std::string{option.name}, text, std::string{option.help});
    flag->type_name(std::string{option.value});
    flag->envname(environment_name(option.name));
    if (!option.by_default.empty()) flag->default_str(std::string{option.by_default});
  }
  try {
    cli.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return Exit{0, cli.help()};
  } catch (const CLI::ParseError& error) {
    return Exit{bad_usage, std::string{"twostep-server: "} + error.what() + "\n"};
  }

  Texts from_file;
  if (!file.empty()) {
    auto read = read_config_file(file);
    if (!read) return Exit{bad_usage, "twostep-server: " + read.error().reason + "\n"};
    from_file = std::move(*read);
  }

  Invocation invocation;
  if (*exporting) invocation.command = Command::export_store;
  for (const auto& option : options()) {
    std::string text{option.by_default};
    if (const auto found = from_file.find(option.name); found != from_file.end()) {
      text = found->second;
    }
    const auto given = "--" + std::string{option.name};
    if (cli.count(given) > 0) text = texts.find(option.name)->second;
    if (!option.read(invocation.config, text)) {
      return Exit{bad_usage, "twostep-server: " + given + " takes " + std::string{option.value} +
                                 ", not \"" + text + "\"\n"};
    }
  }
  if (auto exit = check(invocation)) return *std::move(exit);
  return invocation;
}

}  // namespace twostep::app
