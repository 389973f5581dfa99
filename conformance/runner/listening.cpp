#include "conformance/runner/listening.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace twostep::conformance {
namespace {

constexpr int backlog = 512;

int listening(const sockaddr* address, socklen_t size, int family, int kind) {
  const int fd = socket(family, kind | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (fd < 0 || bind(fd, address, size) != 0 || listen(fd, backlog) != 0) {
    throw std::runtime_error(std::strerror(errno));
  }
  return fd;
}

}  // namespace

int listening_at(const Endpoint& endpoint) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(endpoint.port));
  const auto host = endpoint.host == "localhost" ? "127.0.0.1" : endpoint.host;
  if (inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1) {
    throw std::runtime_error("\"" + endpoint.host + "\" is no IPv4 address to listen at");
  }
  return listening(reinterpret_cast<const sockaddr*>(&address), sizeof address, AF_INET,
                   SOCK_STREAM);
}

int listening_at(const std::string& path, int kind) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) throw std::runtime_error(path + " is too long");
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  unlink(path.c_str());
  return listening(reinterpret_cast<const sockaddr*>(&address), sizeof address, AF_UNIX, kind);
}

}  // namespace twostep::conformance
