#include "conformance/three_backends/between.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace twostep::conformance {
namespace {

/// As scripts/federation writes them: where a backend is called, and where it listens.
struct Ports {
  std::string called;
  std::string listens;
};

Ports ports_of(const std::string& name) {
  const char* const folder = std::getenv("TWOSTEP_FEDERATION");
  if (folder == nullptr) throw std::runtime_error("run this by scripts/federation");
  std::ifstream file{std::string{folder} + "/ports"};
  std::string who;
  Ports ports;
  while (file >> who >> ports.called >> ports.listens) {
    if (who == name && ports.called != ports.listens) return ports;
  }
  throw std::runtime_error("scripts/federation was not called with --between");
}

int listen_at(const std::string& address) {
  const auto port = std::stoi(address.substr(address.rfind(':') + 1));
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  to.sin_port = htons(static_cast<std::uint16_t>(port));
  if (bind(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0 ||
      listen(socket, SOMAXCONN) != 0) {
    throw std::runtime_error("cannot listen at " + address);
  }
  return socket;
}

// Head and body; what is shorter was broken off. Backends of ours do not speak in chunks.
std::string read_message(Stream& from) {
  std::string message;
  for (;;) {
    const auto head_end = message.find("\r\n\r\n");
    if (head_end != message.npos) {
      const auto length_at = message.find("Content-Length: ");
      const auto length =
          length_at < head_end ? std::stoul(message.substr(length_at + 16)) : std::size_t{0};
      if (message.size() >= head_end + 4 + length) return message;
    }
    if (from.read_some(message, deadline()) != Io::done) return message;
  }
}

// The caller is told that this connection is for one call, so that the next one is seen from its beginning.
std::string without_keep_alive(std::string answer) {
  const auto at = answer.find("\r\nKeep-Alive:");
  if (at != answer.npos) answer.erase(at, answer.find("\r\n", at + 2) - at);
  return answer;
}

}  // namespace

std::string name_of(Point point) {
  switch (point) {
    case Point::before_it_arrives:
      return "before it arrives";
    case Point::in_the_middle:
      return "in the middle";
    case Point::answered:
      return "answered";
    case Point::answer_lost:
      return "answer lost";
  }
  return {};
}

Between::Between(const std::string& name) {
  const auto ports = ports_of(name);
  backend_ = Url::parse("http://" + ports.listens);
  listening_ = listen_at(ports.called);
  accepting_ = std::thread{[this] { accept(); }};
}

Between::~Between() {
  shutdown(listening_, SHUT_RDWR);
  accepting_.join();
  close(listening_);
  for (auto& connection : connections_) connection.join();
}

void Between::once(const std::string& rpc, Point point, std::function<void()> action) {
  const std::lock_guard lock{mutex_};
  plan_ = Plan{rpc, point, std::move(action)};
}

bool Between::happened() const {
  const std::lock_guard lock{mutex_};
  return !plan_;
}

void Between::wait_until_idle() {
  std::unique_lock lock{mutex_};
  if (!idle_.wait_until(lock, deadline(), [this] { return under_way_ == 0; })) {
    throw std::runtime_error("a call is still on its way");
  }
}

void Between::accept() {
  for (;;) {
    const int accepted = accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    if (accepted < 0) return;
    const std::lock_guard lock{mutex_};
    ++under_way_;
    connections_.emplace_back([this, accepted] {
      Stream caller{accepted};
      try {
        pass_on(caller);
      } catch (const StreamError&) {
        caller.reset();  // The backend is not there.
      }
      const std::lock_guard done{mutex_};
      if (--under_way_ == 0) idle_.notify_all();
    });
  }
}

void Between::pass_on(Stream& caller) {
  const auto request = read_message(caller);
  if (const auto plan = plan_for(request)) return pass_on_with(caller, request, *plan);
  Stream backend{backend_, deadline()};
  backend.write(request, deadline());
  caller.write(without_keep_alive(read_message(backend)), deadline());
}

void Between::pass_on_with(Stream& caller, const std::string& request, const Plan& plan) {
  if (plan.point == Point::before_it_arrives) {
    plan.action();
    return pass_on_with(caller, request, {plan.rpc, Point::answered, [] {}});
  }
  Stream backend{backend_, deadline()};
  if (plan.point == Point::in_the_middle) {
    backend.write(request.substr(0, request.size() - 1), deadline());
    plan.action();
    return caller.reset();
  }
  backend.write(request, deadline());
  const auto answer = without_keep_alive(read_message(backend));
  plan.action();
  if (plan.point == Point::answer_lost) return caller.reset();
  caller.write(answer, deadline());
}

std::optional<Between::Plan> Between::plan_for(const std::string& request) {
  const std::lock_guard lock{mutex_};
  const auto line = request.substr(0, request.find("\r\n"));
  if (!plan_ || line.find("/" + plan_->rpc + " ") == line.npos) return std::nullopt;
  return std::exchange(plan_, std::nullopt);
}

}  // namespace twostep::conformance
