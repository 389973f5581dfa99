#include "model/serve/options.hpp"

#include <stdexcept>

#include "model/serve/formats.hpp"

namespace twostep::model::serve {
namespace {

Faults fault_named(const std::string& name) {
  for (const auto& fault : all_faults()) {
    if (fault.name == name) return Faults{fault.fault};
  }
  throw std::invalid_argument{"no such fault: " + name + " (see --list-faults)"};
}

IdPolicy id_policy(const std::string& name) {
  if (name == "monotonic") return IdPolicy::monotonic;
  if (name == "wall-clock") return IdPolicy::wall_clock;
  throw std::invalid_argument{"--ids is monotonic or wall-clock, not " + name};
}

void read_peer(const std::string& text, Options& options) {
  const auto equals = text.find('=');
  if (equals == std::string::npos) throw std::invalid_argument{"--peer is DOMAIN=URL, not " + text};
  options.peers[text.substr(0, equals)] = text.substr(equals + 1);
}

/// True if the option takes no value.
bool read_flag(const std::string& name, Options& options) {
  if (name == "--list-faults") return options.list_faults = true;
  if (name == "--help") return options.help = true;
  return name == "--federation-insecure";  // All that there is.
}

void read_value(const std::string& name, const std::string& value, Options& options) {
  if (name == "--listen") {
    options.listen = read_address(value);
  } else if (name == "--domain") {
    if (!read_domain(value)) throw std::invalid_argument{"no domain: " + value};
    options.domain = value;
  } else if (name == "--push-gateway") {
    options.push_gateway = value;
  } else if (name == "--federation-listen") {
    options.federation_listen = read_address(value);
  } else if (name == "--peer") {
    read_peer(value, options);
  } else if (name == "--ids") {
    options.ids = id_policy(value);
  } else if (name == "--fault") {
    options.faults = fault_named(value);
  } else if (name == "--pid-file") {
    options.pid_file = value;
  } else {
    throw std::invalid_argument{"no such option: " + name};
  }
}

}  // namespace

Address read_address(const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos) throw std::invalid_argument{"HOST:PORT is needed, not " + text};
  const auto port = std::stoul(text.substr(colon + 1));
  if (port > 65535) throw std::invalid_argument{"no port: " + text};
  return {.host = text.substr(0, colon), .port = static_cast<std::uint16_t>(port)};
}

Options read_options(const std::vector<std::string>& arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (read_flag(arguments[i], options)) continue;
    if (i + 1 == arguments.size())
      throw std::invalid_argument{arguments[i] + ": no value, or no such option"};
    read_value(arguments[i], arguments[i + 1], options);
    ++i;
  }
  const bool serves = !options.list_faults && !options.help;
  if (serves && (options.listen.host.empty() || options.domain.empty())) {
    throw std::invalid_argument{"--listen and --domain are needed"};
  }
  return options;
}

std::string usage() {
  return R"(twostep-reference: the reference model behind HTTP and websocket, in memory

  --listen HOST:PORT             clients: HTTP and websocket
  --domain DOMAIN                of this backend
  --push-gateway URL             where native pushes are posted
  --federation-listen HOST:PORT  peers
  --peer DOMAIN=URL              where a peer, or with *.DOMAIN any below it, is found
  --federation-insecure          plain HTTP between peers; there is nothing else here
  --ids monotonic|wall-clock     where the ids of notifications come from
  --fault NAME                   one deliberate violation
  --list-faults                  clause and name of each
  --pid-file FILE                written once it listens
)";
}

}  // namespace twostep::model::serve
