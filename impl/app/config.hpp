#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "impl/core/ids.hpp"
#include "impl/core/limits.hpp"
#include "impl/federation/certificates.hpp"
#include "impl/federation/discovery.hpp"
#include "impl/federation/peer_list.hpp"
#include "impl/server/log.hpp"
#include "impl/service/logins.hpp"
#include "impl/store/inbox.hpp"

/// What is configured. One table (config.cpp) drives the flags, the environment variables
/// (`TWOSTEP_LISTEN` for `--listen`), the keys of the file, and what `--help` prints.
///
/// Shape      A flag overrides the environment, the environment the file, the file the default.
///            The file is TOML with the names of the flags as its keys.
/// Errors     An unknown key, a value that is not understood, or a combination that makes no sense:
///            a sentence for the person who starts the server, and exit code 2.
/// Source     docs/ARCHITECTURE.md, "Operation".
namespace twostep::app {

enum class StoreKind { lmdb, memory };
enum class PasswordCosts { owasp, test_rig };

/// How this backend speaks with others.
struct FederationConfig {
  std::optional<boost::asio::ip::tcp::endpoint> listen;  ///< None: there are no others.
  std::vector<federation::Peer> peers;
  federation::CertificateFiles certificates;
  bool insecure = false;  ///< Plain HTTP, on this machine.
  std::optional<boost::asio::ip::udp::endpoint> dns_server;
  federation::FoundAddresses found_addresses = federation::FoundAddresses::public_only;
};

struct Config {
  boost::asio::ip::tcp::endpoint listen;
  std::optional<Domain> domain;  ///< Always there, except for `export`.
  StoreKind store = StoreKind::lmdb;
  std::filesystem::path data;
  store::IdPolicy ids = store::IdPolicy::monotonic;
  std::chrono::seconds retention = twostep::limits::notification_retention;
  std::string push_gateway;  ///< Empty: none.
  PasswordCosts password_cost = PasswordCosts::owasp;
  service::LoginSettings logins;
  std::size_t threads = 0;
  server::LogLevel log_level = server::LogLevel::info;
  FederationConfig federation;
  std::filesystem::path port_file;
  std::filesystem::path pid_file;
};

enum class Command { serve, export_store };

struct Invocation {
  Command command = Command::serve;
  Config config;
};

/// Nothing to do: print this and leave.
struct Exit {
  int code = 0;
  std::string text;
};

std::variant<Invocation, Exit> read_command_line(int argc, const char* const* argv);

}  // namespace twostep::app
