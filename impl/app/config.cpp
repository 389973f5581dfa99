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

bool is_loopback(const std::string& host) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(host, error);
  return !error && address.is_loopback();
}

// What makes no sense in how we are to speak with others; empty: nothing.
std::string wrong_with(const FederationConfig& federation) {
  const auto& files = federation.certificates;
  const auto given = !files.certificate.empty() + !files.key.empty() + !files.authority.empty();
  if (!federation.listen) {
    if (given == 0 && federation.peers.empty() && !federation.insecure) return {};
    return "to speak with other backends, say where they call with --federation-listen";
  }
  if (federation.peers.empty()) {
    return "--federation-listen needs --peer: who may call, such as --peer b.example";
  }
  if (federation.insecure) {
    if (given > 0) return "either --federation-insecure or certificates, not both";
    const auto safe = [](const federation::Peer& peer) {
      return peer.url && !peer.url->secure && is_loopback(peer.url->host);
    };
    if (!federation.listen->address().is_loopback() ||
        !std::all_of(federation.peers.begin(), federation.peers.end(), safe)) {
      return "--federation-insecure is for one machine: listen on a loopback address, and give "
             "every "
             "peer an http:// URL with one";
    }
    return {};
  }
  if (given < 3) {
    return "--federation-listen needs --federation-certificate, --federation-key and "
           "--federation-authority, or for a rig on one machine --federation-insecure";
  }
  const auto is_plain = [](const federation::Peer& peer) { return peer.url && !peer.url->secure; };
  if (std::any_of(federation.peers.begin(), federation.peers.end(), is_plain)) {
    return "a peer's URL begins with https://, unless all of it is --federation-insecure";
  }
  return {};
}

std::optional<Exit> check(const Invocation& invocation) {
  const auto& config = invocation.config;
  if (invocation.command == Command::serve && !config.domain) {
    return Exit{bad_usage, "twostep-server: --domain is missing, such as --domain a.example\n"};
  }
  if (invocation.command == Command::serve) {
    const auto wrong = wrong_with(config.federation);
    if (!wrong.empty()) return Exit{bad_usage, "twostep-server: " + wrong + "\n"};
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
    const auto name = "--" + std::string{option.name};
    const std::string help{option.help};
    auto* const flag = option.given == Given::without_value ? cli.add_flag(name, text, help)
                                                            : cli.add_option(name, text, help);
    if (option.given != Given::without_value) flag->type_name(std::string{option.value});
    if (option.given == Given::several_times) flag->join(',');
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
