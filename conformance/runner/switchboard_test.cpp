#include "conformance/runner/switchboard.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "conformance/support/context.hpp"
#include "conformance/support/http.hpp"
#include "conformance/support/push_sink.hpp"

// The push gateway, spoken to as a backend and as a test would. Also the HTTP client's own test: one
// must read what the other has written.
namespace twostep::conformance {
namespace {

/// A port that was free a moment ago.
int free_port() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  EXPECT_EQ(bind(fd, reinterpret_cast<sockaddr*>(&address), size), 0);
  EXPECT_EQ(getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size), 0);
  close(fd);
  return ntohs(address.sin_port);
}

class Gateway : public ::testing::Test {
 protected:
  void SetUp() override { context().switchboard = control_; }
  void TearDown() override { context().switchboard.clear(); }

  Reply push(const std::string& token) {
    return backend_.send({.method = "POST",
                          .path = "/push",
                          .body = Json{{"token", token}, {"app", "a"}}.dump(),
                          .headers = {{"Content-Type", "application/json"}}});
  }

  const int port_ = free_port();
  const std::string control_ = "/tmp/twostep-switchboard-test." + std::to_string(getpid());
  const Switchboard switchboard_{{"127.0.0.1", port_}, control_};
  HttpClient backend_{"the backend", "http://127.0.0.1:" + std::to_string(port_)};
};

TEST_F(Gateway, AnswersAsTheTestOfTheTokenSays) {
  const auto sink = PushSink::under_test();
  const auto accepted = sink.token();
  const auto gone = sink.token();
  sink.answer(gone, PushAnswer::gone);

  EXPECT_EQ(push(accepted).status, 200);
  EXPECT_EQ(push(gone).status, 410);
  EXPECT_EQ(push(accepted).status, 200) << "on the same connection";

  EXPECT_EQ(sink.wait_for(accepted, 2).size(), 2u);
  EXPECT_EQ(sink.arrived(gone).size(), 1u);
  EXPECT_TRUE(sink.arrived(sink.token()).empty());
}

TEST_F(Gateway, TakesARequestAndNeverAnswers) {
  const auto sink = PushSink::under_test();
  const auto token = sink.token();
  sink.answer(token, PushAnswer::hang);
  const auto patience_before = std::exchange(context().patience, Milliseconds{50});

  const auto reply = push(token);
  context().patience = patience_before;

  EXPECT_FALSE(reply.answered());
  EXPECT_THAT(reply.error, ::testing::HasSubstr("deadline"));
  EXPECT_EQ(sink.wait_for(token, 1).size(), 1u);
}

}  // namespace
}  // namespace twostep::conformance
