#include "conformance/support/peer_line.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "conformance/support/context.hpp"
#include "conformance/support/outcome.hpp"

namespace twostep::conformance {
namespace {

/// Room for one file descriptor beside the data of a message.
struct Ancillary {
  alignas(cmsghdr) char bytes[CMSG_SPACE(sizeof(int))] = {};
};

/// A message whose one byte of data means nothing: it is there because a message cannot be empty.
msghdr message_of(iovec& data, Ancillary& beside) {
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = beside.bytes;
  message.msg_controllen = sizeof beside.bytes;
  return message;
}

}  // namespace

PeerLine::PeerLine(const std::string& domain) {
  fd_ = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  context().peer_switchboard.copy(address.sun_path, sizeof address.sun_path - 1);
  char taken[16];
  const bool mine =
      connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      ::send(fd_, domain.data(), domain.size(), MSG_NOSIGNAL) > 0 &&
      ::recv(fd_, taken, sizeof taken, 0) > 0;
  if (mine) return;
  close(fd_);
  throw SetupFailed("the suite's switchboard for peers is gone");
}

PeerLine::~PeerLine() { close(fd_); }

std::unique_ptr<Stream> PeerLine::next() const {
  char byte = 0;
  iovec data{&byte, 1};
  Ancillary beside;
  auto message = message_of(data, beside);
  ssize_t size = 0;
  do {
    size = recvmsg(fd_, &message, MSG_CMSG_CLOEXEC);
  } while (size < 0 && errno == EINTR);
  const auto* header = size > 0 ? CMSG_FIRSTHDR(&message) : nullptr;
  if (header == nullptr || header->cmsg_type != SCM_RIGHTS) return nullptr;
  int connection = -1;
  std::memcpy(&connection, CMSG_DATA(header), sizeof connection);
  return std::make_unique<Stream>(connection);
}

void PeerLine::hang_up() const { shutdown(fd_, SHUT_RDWR); }

void hand_over_connection(int line, int connection) {
  char byte = 0;
  iovec data{&byte, 1};
  Ancillary beside;
  auto message = message_of(data, beside);
  auto* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof connection);
  std::memcpy(CMSG_DATA(header), &connection, sizeof connection);
  static_cast<void>(sendmsg(line, &message, MSG_NOSIGNAL));  // The test may have ended.
}

}  // namespace twostep::conformance
