#pragma once

#include <chrono>

#include "impl/server/api.hpp"
#include "impl/server/limits.hpp"
#include "impl/server/log.hpp"
#include "impl/service/ports.hpp"
#include "impl/service/socket_registry.hpp"

/// What every session of a listener shares.
namespace twostep::server {

/// How long each phase may take. In production as in the limits; tests do not wait that long.
struct Deadlines {
  std::chrono::milliseconds head = limits::head_deadline;
  std::chrono::milliseconds idle = limits::idle_deadline;
  std::chrono::milliseconds transfer = limits::transfer_deadline_base;
  std::chrono::milliseconds linger = limits::linger_deadline;
  std::chrono::milliseconds socket_idle = limits::socket_idle_deadline;
  std::chrono::milliseconds socket_write = limits::socket_write_deadline;
};

struct Serving {
  Api& api;
  service::Backend& backend;
  service::SocketRegistry& sockets;
  Log& log;
  Deadlines deadlines = {};
};

}  // namespace twostep::server
