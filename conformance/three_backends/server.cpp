#include "conformance/three_backends/server.hpp"

#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "conformance/support/context.hpp"
#include "conformance/support/process.hpp"

namespace twostep::conformance {
namespace {

/// As long as this lives, a backend is the one under test: callers that are made meanwhile are its.
class UnderTest {
 public:
  explicit UnderTest(const Target& target) : before_(std::exchange(context().target, target)) {}
  ~UnderTest() { context().target = std::move(before_); }

 private:
  Target before_;
};

}  // namespace

Server Server::named(const std::string& name) {
  const char* const folder = std::getenv("TWOSTEP_FEDERATION");
  if (folder == nullptr) throw std::runtime_error("run this by scripts/federation");
  return Server{read_target(std::string{folder} + "/" + name + "/target.json")};
}

Device Server::device(std::string_view name) const {
  const UnderTest me{target_};
  return Backend::under_test().user(name).device();
}

Device Server::device_of(const User& user) const {
  const UnderTest me{target_};
  return user.device();
}

Caller Server::caller(const Device& device) const {
  const UnderTest me{target_};
  return Caller{device.name(), device.token()};
}

Socket Server::open_socket(const Device& device) const {
  const UnderTest me{target_};
  return device.open_socket();
}

void Server::kill() const {
  const auto command = "cd '" + target_.folder + "' && " + target_.process->kill;
  if (std::system(command.c_str()) != 0) throw std::runtime_error(command);
}

void Server::start() const {
  const UnderTest me{target_};
  Process::under_test().start();
}

}  // namespace twostep::conformance
