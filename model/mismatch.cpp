#include "model/mismatch.hpp"

#include <algorithm>

#include "model/flat.hpp"

namespace twostep::model {
namespace {

// What a strategy lets be missing (SND-24 to SND-27).
bool reports(const Strategy& strategy, UserId user) {
  const auto& named = strategy.users;
  const bool listed = std::find(named.begin(), named.end(), user) != named.end();
  switch (strategy.kind) {
    case Strategy::Kind::report_all:
      return true;
    case Strategy::Kind::ignore_all:
      return false;
    case Strategy::Kind::report_only:
      return listed;
    case Strategy::Kind::ignore_only:
      return !listed;
  }
  return true;
}

}  // namespace

Mismatch compare(const Message& message, const std::vector<UserId>& participants,
                 const std::vector<Client>& clients) {
  Mismatch result;
  // The sender's other clients are expected like anybody's (SND-15), the sending one never (SND-14).
  const auto is_expected = [&](const Client& client) {
    return client != message.sender && contains(clients, client);
  };
  std::vector<Client> addressed;
  for (const auto& recipient : message.recipients) {
    const auto& client = recipient.client;
    addressed.push_back(client);
    if (is_expected(client)) {
      result.valid.push_back(recipient);
    } else if (client != message.sender && contains(participants, client.user)) {
      result.deleted.push_back(client);  // SND-21; whether it ever existed does not matter.
    } else {
      result.redundant.push_back(client);  // SND-22, and a sender who addressed itself (SND-14).
    }
  }
  for (const auto& client : clients) {
    if (is_expected(client) && !contains(addressed, client) &&
        reports(message.strategy, client.user)) {
      result.missing.push_back(client);
    }
  }
  return result;
}

Strategy strategy_of(const OlderStrategy& older) {
  using Kind = Strategy::Kind;
  using Parameter = OlderStrategy::Parameter;
  if (older.report_missing_in_body) return {Kind::report_only, *older.report_missing_in_body};
  const auto choose = [](const Parameter& parameter, Kind yes, Kind no, Kind list) -> Strategy {
    switch (parameter.kind) {
      case Parameter::Kind::yes:
        return {yes, {}};
      case Parameter::Kind::no:
        return {no, {}};
      case Parameter::Kind::list:
        break;
    }
    return {list, parameter.users};
  };
  if (older.ignore_missing) {
    return choose(*older.ignore_missing, Kind::ignore_all, Kind::report_all, Kind::ignore_only);
  }
  if (older.report_missing) {
    return choose(*older.report_missing, Kind::report_all, Kind::ignore_all, Kind::report_only);
  }
  return {};
}

std::vector<Addressed> last_of_each(std::vector<Addressed> as_on_the_wire) {
  auto& all = as_on_the_wire;
  std::reverse(all.begin(), all.end());
  const auto same = [](const Addressed& a, const Addressed& b) { return a.client == b.client; };
  std::stable_sort(all.begin(), all.end(),
                   [](const Addressed& a, const Addressed& b) { return a.client < b.client; });
  all.erase(std::unique(all.begin(), all.end(), same), all.end());
  return all;
}

}  // namespace twostep::model
