#include "conformance/runner/switchboard.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <list>
#include <map>
#include <optional>
#include <stdexcept>
#include <vector>

#include "conformance/runner/listening.hpp"
#include "conformance/support/json.hpp"
#include "conformance/support/patience.hpp"

namespace twostep::conformance {
namespace {

/// A push is a notice without content; more than this is no push.
constexpr std::size_t request_bytes_max = 65'536;

/// What one test has scripted and received.
struct Lane {
  std::string answer = "accept";
  Json pushes = Json::array();
};

struct Connection {
  int fd;
  bool control;
  std::string buffer = {};
  bool done = false;
  std::optional<std::string> hangs_for = {};  ///< Token of a request that is not answered yet.

  // A test that waits for pushes.
  std::string awaited = {};
  std::size_t at_least = 0;
  Clock::time_point until = {};
};

void send_all(const Connection& connection, const std::string& bytes) {
  // Answers are small: they fit into the buffer of any socket.
  static_cast<void>(::send(connection.fd, bytes.data(), bytes.size(), MSG_NOSIGNAL));
}

class Exchange {
 public:
  Exchange(int gateway, int control) : gateway_(gateway), control_(control) {}

  [[noreturn]] void run() {
    for (;;) {
      wait();
      accept_from(gateway_, false);
      accept_from(control_, true);
      // All are read before any is answered: a push may be what an earlier connection waits for.
      for (auto& connection : connections_) read(connection);
      for (auto& connection : connections_) answer_if_due(connection);
      std::erase_if(connections_, [](const Connection& connection) {
        if (connection.done) close(connection.fd);
        return connection.done;
      });
    }
  }

 private:
  void wait() {
    std::vector<pollfd> ready = {{gateway_, POLLIN, 0}, {control_, POLLIN, 0}};
    auto until = Clock::time_point::max();
    for (const auto& connection : connections_) {
      ready.push_back({connection.fd, POLLIN, 0});
      if (!connection.awaited.empty()) until = std::min(until, connection.until);
    }
    int left_ms = -1;
    if (until != Clock::time_point::max()) {
      left_ms = static_cast<int>(
          std::max<std::int64_t>(0, std::chrono::ceil<Milliseconds>(until - Clock::now()).count()));
    }
    poll(ready.data(), ready.size(), left_ms);
  }

  void accept_from(int listener, bool control) {
    for (int fd = 0;
         (fd = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
      connections_.push_back({.fd = fd, .control = control});
    }
  }

  void read(Connection& connection) {
    bool ended = false;  // What came before the end counts all the same.
    char bytes[16'384];
    for (;;) {
      const auto size = ::recv(connection.fd, bytes, sizeof bytes, 0);
      if (size < 0 && (errno == EAGAIN || errno == EINTR)) break;
      if (size <= 0) {
        ended = true;
        break;
      }
      connection.buffer.append(bytes, static_cast<std::size_t>(size));
      if (connection.buffer.size() > request_bytes_max) {
        connection.done = true;
        return;
      }
    }
    if (connection.control) {
      take_question(connection);
    } else {
      while (!connection.done && !connection.hangs_for && take_push(connection)) {
      }
    }
    connection.done = connection.done || ended;
  }

  /// Answers one request of the target. False while it is incomplete.
  bool take_push(Connection& connection) {
    const auto head_end = connection.buffer.find("\r\n\r\n");
    if (head_end == std::string::npos) return false;
    auto head = connection.buffer.substr(0, head_end + 2);
    std::ranges::transform(head, head.begin(), [](unsigned char c) { return std::tolower(c); });
    const auto at = head.find("\r\ncontent-length:");
    const auto length = at == std::string::npos
                            ? std::size_t{0}
                            : static_cast<std::size_t>(std::atoll(head.c_str() + at + 17));
    if (connection.buffer.size() < head_end + 4 + length) return false;
    const auto body = Json::parse(connection.buffer.substr(head_end + 4, length), nullptr, false);
    connection.buffer.erase(0, head_end + 4 + length);

    const auto token = body.is_object() ? body.value("token", "") : "";
    lanes_[token].pushes.push_back(body.is_discarded() ? Json{} : body);
    connection.hangs_for = token;
    answer_push(connection, token);
    return true;
  }

  /// Answers the request that was taken with this token, as scripted now.
  void answer_push(Connection& connection, const std::string& token) {
    const auto& answer = lanes_[token].answer;
    if (connection.hangs_for != token || answer == "hang") return;
    const auto* status = answer == "gone"   ? "410 Gone"
                         : answer == "fail" ? "500 Internal Server Error"
                                            : "200 OK";
    send_all(connection, std::string("HTTP/1.1 ") + status + "\r\nContent-Length: 0\r\n\r\n");
    connection.hangs_for.reset();
  }

  void take_question(Connection& connection) {
    const auto end = connection.buffer.find('\n');
    if (end == std::string::npos) return;
    const auto question = Json::parse(connection.buffer.substr(0, end), nullptr, false);
    connection.buffer.clear();
    if (!question.is_object()) {
      connection.done = true;
      return;
    }
    auto& lane = lanes_[question.at("token")];
    if (question.at("op") == "answer") {
      lane.answer = question.at("answer");
      for (auto& waiting : connections_) answer_push(waiting, question.at("token"));
      send_all(connection, "{}");
      connection.done = true;
      return;
    }
    connection.awaited = question.at("token");
    connection.at_least = question.at("at_least");
    connection.until = Clock::now() + Milliseconds{question.at("wait_ms").get<int>()};
  }

  void answer_if_due(Connection& connection) {
    if (connection.awaited.empty() || connection.done) return;
    const auto& pushes = lanes_[connection.awaited].pushes;
    if (pushes.size() < connection.at_least && Clock::now() < connection.until) return;
    send_all(connection, Json{{"pushes", pushes}}.dump());
    connection.done = true;
  }

  const int gateway_;
  const int control_;
  std::list<Connection> connections_ = {};
  std::map<std::string, Lane> lanes_ = {};
};

}  // namespace

Switchboard::Switchboard(const Endpoint& listen, const std::string& control) : control_(control) {
  const int gateway = listening_at(listen);
  const int questions = listening_at(control, SOCK_STREAM);
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    Exchange{gateway, questions}.run();
  }
  close(gateway);
  close(questions);
  if (pid_ < 0) throw std::runtime_error("no process for the push gateway");
}

Switchboard::~Switchboard() {
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  unlink(control_.c_str());
}

}  // namespace twostep::conformance
