#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/backend.hpp"
#include "model/serve/fault.hpp"

/// The command line.
///
/// Errors     `std::invalid_argument`, whose text says what is wrong.
namespace twostep::model::serve {

struct Address {
  std::string host;
  std::uint16_t port = 0;
};

struct Options {
  Address listen;
  std::string domain;
  std::string push_gateway;                  ///< A URL; empty if there is none.
  std::optional<Address> federation_listen;  ///< Without it there is no federation.
  std::map<std::string, std::string> peers;  ///< From domain, or `*.domain`, to URL.
  IdPolicy ids = IdPolicy::monotonic;
  Faults faults;
  std::string pid_file;
  bool list_faults = false;
  bool help = false;
};

Options read_options(const std::vector<std::string>& arguments);
std::string usage();

/// HOST:PORT.
Address read_address(const std::string& text);

}  // namespace twostep::model::serve
