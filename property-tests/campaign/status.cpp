#include "property-tests/campaign/status.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace twostep::properties {
namespace {

bool has(const Clients& clients, const QualifiedUser& user, ClientId client) {
  const auto users = clients.find(user.domain);
  if (users == clients.end()) return false;
  const auto set = users->second.find(user.id);
  return set != users->second.end() && set->second.contains(client);
}

std::size_t count(const Clients& clients) {
  std::size_t total = 0;
  for (const auto& [domain, users] : clients)
    for (const auto& [user, set] : users) total += set.size();
  return total;
}

bool reports(const Strategy& strategy, const QualifiedUser& user) {
  const auto names = [&](const Users& users) {
    const auto found = users.find(user.domain);
    return found != users.end() && found->second.contains(user.id);
  };
  if (const auto* only = std::get_if<ReportOnly>(&strategy)) return names(only->users);
  if (const auto* only = std::get_if<IgnoreOnly>(&strategy)) return !names(only->users);
  return std::holds_alternative<ReportAll>(strategy);
}

}  // namespace

Knowledge::Knowledge(const Stage& stage, const Message& message) {
  for (const auto& [person, fact] : stage.history.talks[message.talk].members)
    members_.emplace(person, view_of(fact));
  for (const auto& device : stage.history.devices) devices_.push_back(view_of(device.registered));
}

Knowledge::Known Knowledge::known(const Fact* fact, const View* before) {
  if (!fact || !before) return Known::no;
  if (!before->certain || before->version != fact->version) return Known::perhaps;
  return fact->holds ? Known::yes : Known::no;
}

Knowledge::Known Knowledge::is_member(const Stage& stage, const Message& message,
                                      std::size_t person) const {
  const auto& members = stage.history.talks[message.talk].members;
  const auto now = members.find(person);
  const auto before = members_.find(person);
  return known(now == members.end() ? nullptr : &now->second,
               before == members_.end() ? nullptr : &before->second);
}

Knowledge::Known Knowledge::is_there(const Stage& stage, std::size_t device) const {
  return known(&stage.history.devices[device].registered, &devices_[device]);
}

void Knowledge::judge(Stage& stage, Message& message, const Strategy& strategy,
                      const std::optional<Result<Sent>>& answer) const {
  const auto& sender = stage.history.devices[message.sender];
  const auto member = is_member(stage, message, sender.person);
  const auto there = is_there(stage, message.sender);
  for (auto& addressee : message.addressees) {
    const auto in = is_member(stage, message, stage.history.devices[addressee.device].person);
    const auto is = is_there(stage, addressee.device);
    if (in == Known::perhaps) stage.coverage.saw(Situation::member_races_send);
    if (is == Known::perhaps) stage.coverage.saw(Situation::client_races_send);
    const bool self = addressee.device == message.sender;
    addressee.changes = stage.history.changes_of(message, addressee);
    addressee.surely_redundant = self || in == Known::no;
    addressee.surely_deleted = !self && in == Known::yes && is == Known::no;
    addressee.surely_valid = !self && in == Known::yes && is == Known::yes;
  }
  if (member == Known::no) stage.coverage.saw(Situation::stranger_sends);
  if (member == Known::yes && there == Known::no)
    stage.coverage.saw(Situation::removed_client_sends);
  if (!answer) return;

  auto& history = stage.history;
  const auto refused_for = [&](Reason reason) {
    return !*answer && answer->error().reason == reason;
  };
  const auto about = [&] { return "message " + std::to_string(message.number); };
  if (member == Known::no) history.judge(Rule::stranger_is_refused, !*answer, about);
  if (there == Known::no) history.judge(Rule::unknown_client_is_refused, !*answer, about);
  if (member == Known::yes)
    history.judge(Rule::member_may_send, !refused_for(Reason::no_conversation), about);
  if (there == Known::yes)
    history.judge(Rule::client_may_send, !refused_for(Reason::unknown_client), about);
  if (!*answer) return;
  judge_sets(stage, message, **answer);
  judge_missing(stage, message, strategy, (*answer)->status.missing);
  judge_failed(stage, message);
  const bool stopped = count((*answer)->status.missing) > 0;
  history.judge(Rule::missing_stops, stopped != (*answer)->delivered, about);
  stage.coverage.saw(stopped ? Situation::missing_stops : Situation::delivered);
  if (message.transient) stage.coverage.saw(Situation::transient);
}

void Knowledge::judge_sets(Stage& stage, Message& message, const Sent& sent) const {
  const auto& status = sent.status;
  auto& history = stage.history;
  for (const auto& addressee : message.addressees) {
    const auto& device = history.devices[addressee.device];
    const auto user = stage.name_of(device.person);
    const bool redundant = has(status.redundant, user, device.client);
    const bool deleted = has(status.deleted, user, device.client);
    if (redundant) stage.coverage.saw(Situation::redundant);
    if (deleted) stage.coverage.saw(Situation::deleted);
    const bool here = stage.person_of(device).site == history.talks[message.talk].site;
    const auto judge = [&](Rule rule, bool holds) {
      history.judge(here ? rule : Rule::elsewhere_by_the_same_rules, holds, [&] {
        return "message " + std::to_string(message.number) + " and " + device.name + ": " +
               std::string{properties::name_of(rule)};
      });
    };
    judge(Rule::in_one_set, !redundant || !deleted);
    judge(Rule::addressed_is_not_missing, !has(status.missing, user, device.client));
    if (addressee.surely_valid) judge(Rule::valid_is_in_no_set, !redundant && !deleted);
    if (addressee.device == message.sender) {
      judge(Rule::own_client_is_redundant, redundant);
    } else if (addressee.surely_redundant) {
      judge(Rule::outsider_is_redundant, redundant);
    }
    if (addressee.surely_deleted) judge(Rule::gone_client_is_deleted, deleted);
  }
  const auto reported = count(status.redundant) + count(status.deleted);
  history.judge(
      Rule::only_addressed_is_reported,
      reported == message.left_out.size() && message.left_out.size() <= message.addressees.size(),
      [&] { return "message " + std::to_string(message.number); });
}

/// Clients of one backend fail together, and only where they were to get something.
void Knowledge::judge_failed(Stage& stage, const Message& message) const {
  auto& history = stage.history;
  std::set<std::size_t> sites;
  std::size_t explained = 0;
  const auto about = [&] { return "message " + std::to_string(message.number); };
  const auto failed = [&](const Addressee& addressee) {
    const auto& device = history.devices[addressee.device];
    return message.failed.contains({stage.person_of(device).id, device.client});
  };
  for (const auto& addressee : message.addressees) {
    if (!failed(addressee)) continue;
    ++explained;
    sites.insert(stage.person_of(history.devices[addressee.device]).site);
  }
  if (!message.failed.empty())
    history.judge(
        Rule::only_peers_fail,
        explained == message.failed.size() && !sites.contains(history.talks[message.talk].site),
        about);
  for (const auto& addressee : message.addressees)
    if (addressee.surely_valid &&
        sites.contains(stage.person_of(history.devices[addressee.device]).site))
      history.judge(Rule::peer_fails_as_a_whole, failed(addressee), about);
}

void Knowledge::judge_missing(Stage& stage, const Message& message, const Strategy& strategy,
                              const Clients& missing) const {
  auto& history = stage.history;
  std::size_t explained = 0;
  for (std::size_t i = 0; i < history.devices.size(); ++i) {
    const auto& device = history.devices[i];
    const auto user = stage.name_of(device.person);
    const bool addressed =
        std::any_of(message.addressees.begin(), message.addressees.end(),
                    [&](const Addressee& addressee) { return addressee.device == i; });
    const auto in = is_member(stage, message, device.person);
    const auto is = is_there(stage, i);
    const bool reported = has(missing, user, device.client);
    explained += reported ? 1 : 0;
    if (i == message.sender || addressed) continue;
    const bool expected = in == Known::yes && is == Known::yes;
    const bool impossible = in == Known::no || is == Known::no;
    const bool here = stage.person_of(device).site == history.talks[message.talk].site;
    const auto judge = [&](Rule rule, bool holds) {
      history.judge(here ? rule : Rule::elsewhere_by_the_same_rules, holds, [&] {
        return "message " + std::to_string(message.number) + " and " + device.name + ": " +
               std::string{properties::name_of(rule)};
      });
    };
    if (expected && !reports(strategy, user)) stage.coverage.saw(Situation::missing_ignored);
    if (expected && reports(strategy, user)) judge(Rule::expected_is_missing, reported);
    if (impossible) judge(Rule::missing_is_expected, !reported);
    if (!reports(strategy, user)) judge(Rule::strategy_filters_missing, !reported);
  }
  history.judge(Rule::missing_is_expected, explained == count(missing),
                [&] { return "message " + std::to_string(message.number) + " reports strangers"; });
}

}  // namespace twostep::properties
