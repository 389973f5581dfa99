#include "conformance/support/match.hpp"

#include <algorithm>
#include <sstream>

namespace twostep::conformance {
namespace {

using ::testing::AllOf;
using ::testing::Matcher;
using ::testing::ResultOf;

std::string shown(std::vector<Address> addresses) {
  std::ostringstream out;
  std::ranges::sort(addresses);
  for (const auto& address : addresses) {
    out << (out.tellp() > 0 ? ", " : "");
    PrintTo(address, &out);
  }
  return addresses.empty() ? "nobody" : out.str();
}

/// One map of a sending status is exactly a set of clients.
class MapMatcher {
 public:
  using is_gtest_matcher = void;

  MapMatcher(std::string map, std::vector<Address> expected)
      : map_(std::move(map)), expected_(std::move(expected)) {
    std::ranges::sort(expected_);
  }

  bool MatchAndExplain(const Reply& reply, std::ostream* explanation) const {
    if (!reply.json.is_object() || !reply.json.contains(map_)) {
      if (explanation != nullptr) *explanation << "which has no map \"" << map_ << "\"";
      return false;
    }
    const auto actual = clients_in(reply, map_);
    if (actual == expected_) return true;
    if (explanation != nullptr) *explanation << "whose " << map_ << " is " << shown(actual);
    return false;
  }

  void DescribeTo(std::ostream* out) const {
    *out << "names as " << map_ << ": " << shown(expected_);
  }
  void DescribeNegationTo(std::ostream* out) const {
    *out << "names as " << map_ << " anything but " << shown(expected_);
  }

 private:
  std::string map_;
  std::vector<Address> expected_;
};

/// An error body has `code`, `label` and `message`, none of them empty (API §0.3).
class ErrorBodyMatcher {
 public:
  using is_gtest_matcher = void;

  bool MatchAndExplain(const Reply& reply, std::ostream* explanation) const {
    const auto& json = reply.json;
    const bool complete = json.is_object() && json.contains("code") && json["code"].is_number() &&
                          json.contains("label") && json["label"].is_string() &&
                          json.contains("message") && json["message"].is_string() &&
                          json["message"] != "";
    if (!complete && explanation != nullptr) *explanation << "whose body is no error body";
    return complete;
  }

  void DescribeTo(std::ostream* out) const { *out << "has a body with code, label and message"; }
  void DescribeNegationTo(std::ostream* out) const { *out << "has no error body"; }
};

}  // namespace

ReplyMatcher HasStatus(Matcher<int> status) {
  return ResultOf(
      "status", [](const Reply& reply) { return reply.status; }, status);
}

ReplyMatcher HasLabel(Matcher<std::string> label) {
  return ResultOf(
      "label", [](const Reply& reply) { return reply.label(); }, label);
}

ReplyMatcher IsError(int status, const std::string& label) {
  return AllOf(HasStatus(status), HasLabel(label), ReplyMatcher(ErrorBodyMatcher{}));
}

ReplyMatcher IsFederationError(const std::string& domain) {
  const auto named = [](const Reply& reply) { return part(reply.json, "/data/domain"); };
  return AllOf(HasStatus(::testing::Ge(400)), ReplyMatcher(ErrorBodyMatcher{}),
               ResultOf("the domain in its data", named, Json(domain)));
}

ReplyMatcher IsClientError() { return HasStatus(AllOf(::testing::Ge(400), ::testing::Lt(500))); }

ReplyMatcher Acknowledged() { return AllOf(HasStatus(201), Missing({})); }

ReplyMatcher RefusedForMissing(const std::vector<Address>& missing) {
  return AllOf(HasStatus(412), Missing(missing));
}

ReplyMatcher Missing(const std::vector<Address>& clients) { return MapMatcher{"missing", clients}; }

ReplyMatcher Redundant(const std::vector<Address>& clients) {
  return MapMatcher{"redundant", clients};
}

ReplyMatcher Deleted(const std::vector<Address>& clients) { return MapMatcher{"deleted", clients}; }

ReplyMatcher FailedToSend(const std::vector<Address>& clients) {
  return MapMatcher{"failed_to_send", clients};
}

std::vector<Address> clients_in(const Reply& reply, const std::string& map) {
  std::vector<Address> clients;
  if (!reply.json.is_object()) return clients;
  const auto domains = reply.json.value(map, Json::object());
  for (const auto& [domain, users] : domains.items()) {
    for (const auto& [user, list] : users.items()) {
      for (const auto& client : list) {
        clients.push_back({{user, domain}, client.is_string() ? client.get<std::string>() : "?"});
      }
    }
  }
  std::ranges::sort(clients);
  return clients;
}

}  // namespace twostep::conformance
