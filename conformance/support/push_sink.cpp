#include "conformance/support/push_sink.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "conformance/support/bytes.hpp"
#include "conformance/support/context.hpp"
#include "conformance/support/outcome.hpp"

namespace twostep::conformance {
namespace {

/// Asks the process that plays the gateway one question.
Json ask(const Json& question) {
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  context().switchboard.copy(address.sun_path, sizeof address.sun_path - 1);
  std::string answer;
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    const auto line = question.dump() + "\n";
    if (::send(fd, line.data(), line.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(line.size())) {
      char buffer[65'536];
      for (ssize_t size = 0; (size = ::recv(fd, buffer, sizeof buffer, 0)) > 0;) {
        answer.append(buffer, static_cast<std::size_t>(size));
      }
    }
  }
  close(fd);
  auto json = Json::parse(answer, nullptr, false);
  if (json.is_discarded()) throw SetupFailed("the suite's push gateway is gone");
  return json;
}

const char* word_for(PushAnswer answer) {
  switch (answer) {
    case PushAnswer::accept:
      return "accept";
    case PushAnswer::gone:
      return "gone";
    case PushAnswer::fail:
      return "fail";
    case PushAnswer::hang:
      return "hang";
  }
  return "accept";
}

std::vector<Push> pushes(const std::string& token, std::size_t at_least, Milliseconds wait) {
  const auto answer =
      ask({{"op", "wait"}, {"token", token}, {"at_least", at_least}, {"wait_ms", wait.count()}});
  std::vector<Push> result;
  for (const auto& body : answer["pushes"]) result.push_back({token, body});
  record({{"kind", "push"}, {"token", token}, {"arrived", answer["pushes"]}});
  return result;
}

}  // namespace

PushSink PushSink::under_test() {
  if (context().switchboard.empty()) throw NotCovered("the target does not offer \"push\"");
  return {};
}

std::string PushSink::token() const { return "conformance-" + random_hex(32); }

void PushSink::answer(const std::string& token, PushAnswer answer) const {
  ask({{"op", "answer"}, {"token", token}, {"answer", word_for(answer)}});
  record({{"kind", "note"},
          {"text", std::string("the push gateway will answer: ") + word_for(answer)}});
}

std::vector<Push> PushSink::wait_for(const std::string& token, std::size_t at_least) const {
  return pushes(token, at_least, patience());
}

std::vector<Push> PushSink::arrived(const std::string& token) const {
  return pushes(token, 0, Milliseconds{0});
}

}  // namespace twostep::conformance
