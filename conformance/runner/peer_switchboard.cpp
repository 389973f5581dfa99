#include "conformance/runner/peer_switchboard.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <list>
#include <stdexcept>
#include <vector>

#include "conformance/runner/listening.hpp"
#include "conformance/runner/peer_name.hpp"
#include "conformance/support/peer_line.hpp"

namespace twostep::conformance {
namespace {

/// Longest name of a domain that a test takes, with room to spare.
constexpr std::size_t domain_bytes_max = 1'024;

/// As much of a connection's beginning as is looked at.
constexpr std::size_t peeked_bytes_max = 32'768;

/// A connection of the target of which is not known yet whom it is for.
struct Caller {
  int fd;
  bool done = false;
};

/// A test that plays the peer `domain`, once it has said so.
struct Callee {
  int fd;
  std::string domain = {};
  bool done = false;
};

class Board {
 public:
  Board(int peers, int control) : peers_(peers), control_(control) {}

  [[noreturn]] void run() {
    for (;;) {
      wait();
      accept_from(peers_, [this](int fd) { callers_.push_back({.fd = fd}); });
      accept_from(control_, [this](int fd) { callees_.push_back({.fd = fd}); });
      // Tests first: one that has just taken a domain is to get what has come for it meanwhile.
      for (auto& callee : callees_) listen_to(callee);
      for (auto& caller : callers_) connect_through(caller);
      forget(callees_);
      forget(callers_);
    }
  }

 private:
  void wait() const {
    std::vector<pollfd> ready = {{peers_, POLLIN, 0}, {control_, POLLIN, 0}};
    for (const auto& caller : callers_) ready.push_back({caller.fd, POLLIN, 0});
    for (const auto& callee : callees_) ready.push_back({callee.fd, POLLIN, 0});
    poll(ready.data(), ready.size(), -1);
  }

  template <typename Accepted>
  static void accept_from(int listener, Accepted accepted) {
    for (int fd = 0;
         (fd = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
      accepted(fd);
    }
  }

  template <typename Ends>
  static void forget(std::list<Ends>& ends) {
    std::erase_if(ends, [](const Ends& end) {
      if (end.done) close(end.fd);
      return end.done;
    });
  }

  /// A test says one thing, the domain it takes, and is told when it has it.
  static void listen_to(Callee& callee) {
    char bytes[domain_bytes_max];
    const auto size = ::recv(callee.fd, bytes, sizeof bytes, 0);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    callee.done = size <= 0;
    if (callee.done) return;
    callee.domain.assign(bytes, static_cast<std::size_t>(size));
    static_cast<void>(::send(callee.fd, "taken", 5, MSG_NOSIGNAL));
  }

  void connect_through(Caller& caller) {
    static char bytes[peeked_bytes_max];
    const auto size = ::recv(caller.fd, bytes, sizeof bytes, MSG_PEEK);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    caller.done = size <= 0;
    if (caller.done) return;
    const auto name = peer_name({bytes, static_cast<std::size_t>(size)});
    if (!name.complete) {
      // The beginning stays unread; what is worth waking up for is more of it.
      set_wake_up_size(caller.fd, static_cast<int>(size) + 1);
      return;
    }
    set_wake_up_size(caller.fd, 1);
    for (const auto& callee : callees_) {
      if (!callee.done && callee.domain == name.domain) hand_over_connection(callee.fd, caller.fd);
    }
    caller.done = true;
  }

  static void set_wake_up_size(int fd, int bytes) {
    setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &bytes, sizeof bytes);
  }

  const int peers_;
  const int control_;
  std::list<Caller> callers_ = {};
  std::list<Callee> callees_ = {};
};

}  // namespace

PeerSwitchboard::PeerSwitchboard(const Endpoint& listen, const std::string& control)
    : control_(control) {
  const int peers = listening_at(listen);
  const int tests = listening_at(control, SOCK_SEQPACKET);
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    Board{peers, tests}.run();
  }
  close(peers);
  close(tests);
  if (pid_ < 0) throw std::runtime_error("no process for the peers");
}

PeerSwitchboard::~PeerSwitchboard() {
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  unlink(control_.c_str());
}

}  // namespace twostep::conformance
