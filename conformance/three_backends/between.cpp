#include "conformance/three_backends/between.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
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

std::string text_between(const std::string& text, const std::string& before,
                         const std::string& after) {
  const auto found = text.find(before);
  if (found == text.npos) return {};
  const auto begin = found + before.size();
  return text.substr(begin, text.find(after, begin) - begin);
}

Call call_in(const std::string& request, const std::string& peer) {
  const auto head_end = std::min(request.find("\r\n\r\n"), request.size());
  const auto head = request.substr(0, head_end) + "\r\n";
  Call call;
  call.peer = peer;
  call.rpc = text_between(head, "POST /federation/", " ");
  call.origin = text_between(head, "Wire-Origin-Domain: ", "\r\n");
  if (head_end + 4 <= request.size()) call.bytes = request.substr(head_end + 4);
  call.body = Json::parse(call.bytes, nullptr, false);
  return call;
}

// Silence and endless answers last until the caller has had enough.
void give(Stream& caller, const Answer& answer) {
  if (caller.write(answer.bytes, deadline()) != Io::done) return;
  std::string ignored(4096, ' ');
  switch (answer.ending) {
    case Answer::Ending::stays_open:
    case Answer::Ending::closes:
      return;
    case Answer::Ending::resets:
      return caller.reset();
    case Answer::Ending::falls_silent:
      while (caller.read_some(ignored, deadline()) == Io::done) ignored.clear();
      return;
    case Answer::Ending::never_ends:
      while (caller.write(ignored, deadline()) == Io::done) {
      }
      return;
  }
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

Between::Between(const std::string& name) : name_(name) {
  const auto ports = ports_of(name);
  address_ = ports.called;
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

void Between::answers(const std::string& rpc, Answering answering) {
  const std::lock_guard lock{mutex_};
  answerings_[rpc] = std::move(answering);
}

void Between::passes_on() {
  const std::lock_guard lock{mutex_};
  answerings_.clear();
}

std::vector<Call> Between::received() const {
  const std::lock_guard lock{mutex_};
  return received_;
}

void Between::forget() {
  const std::lock_guard lock{mutex_};
  received_.clear();
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
        serve(caller);
      } catch (const StreamError&) {
        caller.reset();  // The backend is not there.
      }
      const std::lock_guard done{mutex_};
      if (--under_way_ == 0) idle_.notify_all();
    });
  }
}

void Between::serve(Stream& caller) {
  const auto request = read_message(caller);
  const auto call = call_in(request, name_);
  if (const auto answer = answer_to(call)) return give(caller, *answer);
  if (const auto plan = plan_for(call.rpc)) return pass_on_with(caller, request, *plan);
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

std::optional<Answer> Between::answer_to(const Call& call) {
  Answering answering;
  {
    const std::lock_guard lock{mutex_};
    received_.push_back(call);
    const auto found = answerings_.find(call.rpc);
    if (found == answerings_.end()) return std::nullopt;
    answering = found->second;
  }
  return answering(call);
}

std::optional<Between::Plan> Between::plan_for(const std::string& rpc) {
  const std::lock_guard lock{mutex_};
  if (!plan_ || plan_->rpc != rpc) return std::nullopt;
  return std::exchange(plan_, std::nullopt);
}

}  // namespace twostep::conformance
