#include "conformance/runner/switchboard.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include "conformance/runner/free_port.hpp"
#include "conformance/support/context.hpp"
#include "conformance/support/http.hpp"
#include "conformance/support/push_sink.hpp"

// The push gateway, spoken to as a backend and as a test would. Also the HTTP client's own test: one
// must read what the other has written.
namespace twostep::conformance {
namespace {

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
