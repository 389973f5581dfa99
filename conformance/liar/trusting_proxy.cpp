#include "conformance/liar/trusting_proxy.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <thread>

#include "conformance/runner/listening.hpp"
#include "conformance/runner/peer_name.hpp"
#include "conformance/support/certificates.hpp"
#include "conformance/support/context.hpp"
#include "conformance/support/http_reply.hpp"

namespace twostep::conformance::liar {
namespace {

/// A head of TLS is shorter than this.
constexpr std::size_t peeked_bytes_max = 32'768;

constexpr auto whenever = Clock::time_point::max();

/// Which domain the other side wants to speak with; the beginning stays unread.
std::string wanted_domain(int fd) {
  char bytes[peeked_bytes_max];
  PeerName name;
  for (ssize_t size = 0; !name.complete;
       name = peer_name({bytes, static_cast<std::size_t>(size)})) {
    const int more = static_cast<int>(size) + 1;
    setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &more, sizeof more);
    pollfd ready{fd, POLLIN, 0};
    poll(&ready, 1, -1);
    size = ::recv(fd, bytes, sizeof bytes, MSG_PEEK);
    if (size <= 0) return {};
  }
  const int any = 1;
  setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &any, sizeof any);
  return name.domain.value_or("");
}

std::string bytes_of(const Reply& reply) {
  std::string head = "HTTP/1.1 " + std::to_string(reply.status) + " Passed on\r\n";
  for (const auto& header : reply.headers) head += header.name + ": " + header.value + "\r\n";
  return head + "\r\n" + reply.body;
}

void relay(int fd, const std::string& url, const Fault& fault) {
  const auto domain = wanted_domain(fd);
  Stream caller{fd};
  if (domain.empty() ||
      caller.secure(tls_end({.domain = domain}, Belief::anybody), whenever) != Io::done) {
    return;
  }
  std::string buffer;
  while (auto request = read_request(caller, buffer, whenever)) {
    if (fault.refuses_proof) return;
    const auto origin = header_in(request->headers, "Wire-Origin-Domain").value_or(domain);
    std::erase_if(request->headers,
                  [](const Header& header) { return header.name == "Content-Length"; });
    HttpClient callee{"the liar", url, tls_end({.domain = origin}, Belief::anybody), domain};
    const auto reply = callee.send(*request);
    if (!reply.answered() || caller.write(bytes_of(reply), whenever) != Io::done) return;
  }
}

}  // namespace

void set_authority(const AuthorityFiles& files) {
  context().target.federation = Federation{.url = "",
                                           .peers_pattern = "",
                                           .peers_listen = {},
                                           .authority = Authority{files.certificate, files.key}};
}

void serve_trusting(const Endpoint& listen, const Endpoint& target, const Fault& fault) {
  const int listener = listening_at(conformance::Endpoint{listen.host, listen.port});
  const auto url = "https://" + target.host + ":" + std::to_string(target.port);
  for (;;) {
    pollfd ready{listener, POLLIN, 0};
    poll(&ready, 1, -1);
    const int fd = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) continue;
    std::thread{[fd, url, &fault] { relay(fd, url, fault); }}.detach();
  }
}

}  // namespace twostep::conformance::liar
