#include "conformance/federation_m1/faults.hpp"

#include <algorithm>

#include "conformance/support/context.hpp"

namespace twostep::conformance {
namespace {

constexpr Milliseconds longest_wait_of_a_target{30'000};

}  // namespace

std::vector<PeerFault> faults_noticed_at_once() {
  return {
      {"hangs up", by_hanging_up()},
      {"resets the connection", by_reset()},
      {"answers by half", by_half_an_answer()},
      {"answers what is not HTTP", with_bytes("220 mail.peers.test ESMTP\r\n\r\n")},
      {"answers 400", with_error(400, "bad-request")},
      {"answers 403", with_error(403, "authentication-failure")},
      {"answers 404", with_error(404, "no-endpoint")},
      {"answers 500", with_error(500, "server-error")},
      {"answers 503 without an error body", with_text("<html>unavailable</html>", 503)},
      {"answers with what is not JSON", with_text("{\"not\": json")},
  };
}

std::vector<PeerFault> faults_noticed_in_time() {
  return {{"falls silent", by_silence()},
          {"falls silent midway", by_stopping_midway()},
          {"never ends", without_end()}};
}

std::vector<PeerFault> wrong_client_lists(const std::string& user) {
  return {
      {"answers with a list", with_json(Json::array({user}))},
      {"answers with text for clients", with_json({{user, "clients"}})},
      {"answers with clients that have no id", with_json({{user, {{{"class", "phone"}}}}})},
      {"answers with an id that is no client id",
       with_json({{user, {{{"id", "not hexadecimal"}}}}})},
      {"answers for somebody whose id is none", with_json({{"somebody", Json::array()}})},
  };
}

LongPatience::LongPatience() : before_(context().patience) {
  context().patience = std::max(before_, longest_wait_of_a_target + before_);
}
LongPatience::~LongPatience() { context().patience = before_; }

}  // namespace twostep::conformance
