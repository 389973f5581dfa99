#include "property-tests/campaign/status.hpp"

#include <algorithm>

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

  const auto refused_for = [&](Reason reason) {
    return !*answer && answer->error().reason == reason;
  };
  const auto about = "message " + std::to_string(message.number);
  if (*answer && member == Known::no)
    stage.history.violated("SND-33: nobody sends who is no member", about);
  if (*answer && there == Known::no)
    stage.history.violated("SND-33: no client sends that is not registered", about);
  if (refused_for(Reason::no_conversation) && member == Known::yes)
    stage.history.violated("SND: a member may send", about);
  if (refused_for(Reason::unknown_client) && there == Known::yes)
    stage.history.violated("SND: a registered client may send", about);
  if (*answer) judge_sets(stage, message, strategy, **answer);
}

void Knowledge::judge_sets(Stage& stage, Message& message, const Strategy& strategy,
                           const Sent& sent) const {
  const auto& status = sent.status;
  const auto wrong = [&](const char* property, const Addressee& addressee) {
    stage.history.violated(property, "message " + std::to_string(message.number) + " and " +
                                         stage.history.devices[addressee.device].name);
  };
  for (const auto& addressee : message.addressees) {
    const auto& device = stage.history.devices[addressee.device];
    const auto user = stage.name_of(device.person);
    const bool redundant = has(status.redundant, user, device.client);
    const bool deleted = has(status.deleted, user, device.client);
    if (redundant) stage.coverage.saw(Situation::redundant);
    if (deleted) stage.coverage.saw(Situation::deleted);
    if (redundant && deleted) wrong("SND-19: each client is in one set at most", addressee);
    if (addressee.surely_valid && (redundant || deleted))
      wrong("SND-11: a valid client gets the message", addressee);
    if (addressee.surely_redundant && !redundant)
      wrong("SND-13: who is no member is redundant", addressee);
    if (addressee.surely_deleted && !deleted)
      wrong("SND-17: a client that is gone is deleted", addressee);
    if (has(status.missing, user, device.client))
      wrong("SND-15: who is addressed is not missing", addressee);
  }
  if (count(status.redundant) + count(status.deleted) != message.left_out.size() ||
      message.left_out.size() > message.addressees.size())
    stage.history.violated("SND-19: nobody is reported who was not addressed",
                           "message " + std::to_string(message.number));
  judge_missing(stage, message, strategy, status.missing);
  const bool stopped = count(status.missing) > 0;
  if (stopped == sent.delivered)
    stage.history.violated("SND-19: missing clients stop a message, and nothing else does",
                           "message " + std::to_string(message.number));
  stage.coverage.saw(stopped ? Situation::missing_stops : Situation::delivered);
  if (message.transient) stage.coverage.saw(Situation::transient);
}

void Knowledge::judge_missing(Stage& stage, const Message& message, const Strategy& strategy,
                              const Clients& missing) const {
  std::size_t explained = 0;
  for (std::size_t i = 0; i < stage.history.devices.size(); ++i) {
    const auto& device = stage.history.devices[i];
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
    const auto about = "message " + std::to_string(message.number) + " and " + device.name;
    if (expected && !reports(strategy, user)) stage.coverage.saw(Situation::missing_ignored);
    if (expected && reports(strategy, user) && !reported)
      stage.history.violated("SND-15: every client of a member is expected", about);
    if (reported && (impossible || !reports(strategy, user)))
      stage.history.violated("SND-15: only clients of members are missing", about);
  }
  if (explained != count(missing))
    stage.history.violated("SND-15: only clients of members are missing",
                           "message " + std::to_string(message.number) + " reports strangers");
}

}  // namespace twostep::properties
