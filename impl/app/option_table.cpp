#include "impl/app/option_table.hpp"

#include <array>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <limits>
#include <thread>

#include "impl/push/gateway.hpp"

namespace twostep::app {
namespace {

template <class Number>
std::optional<Number> number(std::string_view text, Number min, Number max) {
  Number value{};
  const auto end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stopped != end || value < min || value > max) return std::nullopt;
  return value;
}

template <class T>
bool keep(T& where, const std::optional<T>& value) {
  if (value) where = *value;
  return value.has_value();
}

// Addresses only: what a name means at start may not be what it means later.
std::optional<boost::asio::ip::tcp::endpoint> endpoint(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == text.npos) return std::nullopt;
  auto host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const auto port = number<unsigned>(text.substr(colon + 1), 0, 65535);
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(std::string{host}, error);
  if (error || !port) return std::nullopt;
  return boost::asio::ip::tcp::endpoint{address, static_cast<std::uint16_t>(*port)};
}

bool read_listen(Config& config, std::string_view text) {
  return keep(config.listen, endpoint(text));
}

bool read_domain(Config& config, std::string_view text) {
  config.domain = Domain::parse(text);
  return text.empty() || config.domain;
}

bool read_store(Config& config, std::string_view text) {
  config.store = text == "memory" ? StoreKind::memory : StoreKind::lmdb;
  return text == "memory" || text == "lmdb";
}

bool read_ids(Config& config, std::string_view text) {
  const bool by_clock = text == "wall-clock";
  config.ids = by_clock ? store::IdPolicy::wall_clock : store::IdPolicy::monotonic;
  return by_clock || text == "monotonic";
}

/// The longest time that can be configured: a hundred years, far from where a clock overflows.
constexpr std::chrono::seconds duration_max = std::chrono::days{36'500};

// `28d`, `12h`, `30s`.
std::optional<std::chrono::seconds> duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto count = number<std::int64_t>(text.substr(0, text.size() - 1), 1, duration_max.count());
  if (!count) return std::nullopt;
  const auto in = [&](std::chrono::seconds unit) -> std::optional<std::chrono::seconds> {
    if (*count > duration_max / unit) return std::nullopt;
    return *count * unit;
  };
  switch (text.back()) {
    case 'd':
      return in(std::chrono::days{1});
    case 'h':
      return in(std::chrono::hours{1});
    case 's':
      return in(std::chrono::seconds{1});
    default:
      return std::nullopt;
  }
}

bool read_retention(Config& config, std::string_view text) {
  return keep(config.retention, duration(text));
}

bool read_registration(Config& config, std::string_view text) {
  config.logins.open_registration = text == "open";
  return text == "open" || text == "closed";
}

bool read_access_token(Config& config, std::string_view text) {
  return keep(config.logins.access_token, duration(text));
}

bool read_cookie(Config& config, std::string_view text) {
  return keep(config.logins.persistent_cookie, duration(text));
}

bool read_session_cookie(Config& config, std::string_view text) {
  return keep(config.logins.session_cookie, duration(text));
}

bool read_push_gateway(Config& config, std::string_view text) {
  config.push_gateway = text;
  return text.empty() || push::GatewayUrl::parse(text);
}

bool read_password_cost(Config& config, std::string_view text) {
  config.password_cost = text == "test-rig" ? PasswordCosts::test_rig : PasswordCosts::owasp;
  return text == "test-rig" || text == "owasp";
}

bool read_threads(Config& config, std::string_view text) {
  return keep(config.threads, number<std::size_t>(text, 0, 1'024));
}

bool read_log_level(Config& config, std::string_view text) {
  return keep(config.log_level, server::log_level_of(text));
}

bool read_federation_listen(Config& config, std::string_view text) {
  config.federation.listen = endpoint(text);
  return text.empty() || config.federation.listen;
}

bool read_peers(Config& config, std::string_view text) {
  config.federation.peers.clear();
  while (!text.empty()) {
    const auto comma = text.find(',');
    auto peer = federation::Peer::parse(text.substr(0, comma));
    if (!peer) return false;
    config.federation.peers.push_back(*std::move(peer));
    text.remove_prefix(comma == text.npos ? text.size() : comma + 1);
  }
  return true;
}

bool read_insecure(Config& config, std::string_view text) {
  config.federation.insecure = text == "true";
  return text == "true" || text == "false";
}

bool read_dns_server(Config& config, std::string_view text) {
  const auto server = endpoint(text);
  config.federation.dns_server.reset();
  if (server) config.federation.dns_server.emplace(server->address(), server->port());
  return text.empty() || server;
}

bool read_found_addresses(Config& config, std::string_view text) {
  using federation::FoundAddresses;
  config.federation.found_addresses =
      text == "any" ? FoundAddresses::any : FoundAddresses::public_only;
  return text == "any" || text == "public";
}

constexpr auto table = std::to_array<Option>({
    {"listen", "ADDRESS:PORT", "where HTTP and websockets are served; port 0 takes a free one",
     "127.0.0.1:8080", read_listen},
    {"domain", "DOMAIN", "the name of this backend, part of every name it gives out; never changes",
     "", read_domain},
    {"data", "DIRECTORY", "where everything is kept; created if it is not there", "",
     [](Config& config, std::string_view text) {
       config.data = text;
       return true;
     }},
    {"store", "lmdb|memory", "memory: everything is forgotten at the end", "lmdb", read_store},
    {"ids", "monotonic|wall-clock", "wall-clock: ids as the source has them, and its losses",
     "monotonic", read_ids},
    {"retention", "28d",
     "how long a notification is kept, in days, hours or seconds (28d, 12h, 30s)", "28d",
     read_retention},
    {"push-gateway", "URL",
     "http://host:port/path of the service that reaches phones; none: no push", "",
     read_push_gateway},
    {"password-cost", "owasp|test-rig",
     "test-rig: passwords are cheap to check and to guess, for tests that register hundreds of "
     "users",
     "owasp", read_password_cost},
    {"registration", "open|closed", "whether anybody may make an account", "open",
     read_registration},
    {"access-token", "900s", "how long an access token is good", "900s", read_access_token},
    {"cookie", "56d", "how long a login that is to be remembered is", "56d", read_cookie},
    {"session-cookie", "1d", "how long any other login is remembered", "1d", read_session_cookie},
    {"federation-listen", "ADDRESS:PORT", "where other backends call; none: there are no others",
     "", read_federation_listen},
    {"peer", "DOMAIN[=URL]",
     "a backend to speak with, and where it listens (https://host:port) if the DNS is not to say; "
     "'*.DOMAIN' and '*' stand for many; may be given several times",
     "", read_peers, Given::several_times},
    {"federation-certificate", "FILE", "PEM: the certificate of --domain, and its chain", "",
     [](Config& config, std::string_view text) {
       config.federation.certificates.certificate = text;
       return true;
     }},
    {"federation-key", "FILE", "PEM: its key", "",
     [](Config& config, std::string_view text) {
       config.federation.certificates.key = text;
       return true;
     }},
    {"federation-authority", "FILE", "PEM: who signs the certificates of peers", "",
     [](Config& config, std::string_view text) {
       config.federation.certificates.authority = text;
       return true;
     }},
    {"federation-insecure", "true|false",
     "plain HTTP between backends, and every origin believed: for rigs on one machine", "false",
     read_insecure, Given::without_value},
    {"federation-addresses", "public|any",
     "any: peers that the DNS places in private networks are called too", "public",
     read_found_addresses},
    {"dns-server", "ADDRESS:PORT", "asked where peers are, instead of the system's own", "",
     read_dns_server},
    {"threads", "N", "threads that serve requests; 0: as many as there are processors", "0",
     read_threads},
    {"log-level", "debug|info|warning|error", "what is logged, as JSON lines on standard error",
     "info", read_log_level},
    {"port-file", "FILE", "written when requests are taken; holds the port", "",
     [](Config& config, std::string_view text) {
       config.port_file = text;
       return true;
     }},
    {"pid-file", "FILE", "written when requests are taken; holds the process id", "",
     [](Config& config, std::string_view text) {
       config.pid_file = text;
       return true;
     }},
});

}  // namespace

std::span<const Option> options() { return table; }

std::string environment_name(std::string_view option) {
  std::string name = "TWOSTEP_";
  for (const char c : option) name += c == '-' ? '_' : static_cast<char>(c - 'a' + 'A');
  return name;
}

}  // namespace twostep::app
