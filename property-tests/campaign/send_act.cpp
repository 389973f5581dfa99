#include <algorithm>

#include "impl/service/send.hpp"
#include "impl/wire/base64.hpp"
#include "property-tests/campaign/acts.hpp"
#include "property-tests/campaign/planted_answers.hpp"
#include "property-tests/campaign/posted.hpp"
#include "property-tests/campaign/status.hpp"

namespace twostep::properties {
namespace {

using boost::asio::awaitable;

/// How a sender gets its recipients wrong.
enum class Slip { none, leaves_one_out, adds_somebody, adds_itself };

Slip draw_slip(Choices& choices) {
  switch (choices.below(10)) {
    case 7:
      return Slip::leaves_one_out;
    case 8:
      return Slip::adds_somebody;
    case 9:
      return Slip::adds_itself;
    default:
      return Slip::none;
  }
}

/// The devices that the sender believes to be there.
std::vector<std::size_t> believed(const Stage& stage, std::size_t sender, const Talk& talk) {
  std::vector<std::size_t> devices;
  for (std::size_t i = 0; i < stage.history.devices.size(); ++i) {
    const auto& device = stage.history.devices[i];
    const auto member = talk.members.find(device.person);
    if (i != sender && member != talk.members.end() && member->second.holds &&
        device.registered.holds)
      devices.push_back(i);
  }
  return devices;
}

void slip(Stage& stage, std::size_t sender, std::vector<std::size_t>& devices, Choices& choices) {
  switch (draw_slip(choices)) {
    case Slip::none:
      return;
    case Slip::leaves_one_out:
      if (devices.empty()) return;
      devices.erase(devices.begin() + choices.below(static_cast<std::uint32_t>(devices.size())));
      return;
    case Slip::adds_somebody: {
      const auto count = static_cast<std::uint32_t>(stage.history.devices.size());
      const std::size_t somebody = choices.below(count);
      if (std::find(devices.begin(), devices.end(), somebody) == devices.end())
        devices.push_back(somebody);
      return;
    }
    case Slip::adds_itself:
      devices.push_back(sender);
      stage.coverage.saw(Situation::self_addressed);
      return;
  }
}

Users some_members(const Stage& stage, const Talk& talk, Choices& choices) {
  Users users;
  for (const auto& [person, fact] : talk.members)
    if (choices.chance(500)) {
      const auto name = stage.name_of(person);
      users[name.domain].insert(name.id);
    }
  return users;
}

Strategy draw_strategy(const Stage& stage, const Talk& talk, Choices& choices) {
  switch (choices.below(8)) {
    case 5:
      return IgnoreAll{};
    case 6:
      return ReportOnly{some_members(stage, talk, choices)};
    case 7:
      return IgnoreOnly{some_members(stage, talk, choices)};
    default:
      return ReportAll{};
  }
}

NewMessage encrypt(Stage& stage, Message& message, const std::vector<std::size_t>& devices,
                   Strategy strategy) {
  const auto& sender = stage.history.devices[message.sender];
  NewMessage wanted{.sender = sender.client, .strategy = std::move(strategy)};
  wanted.transient = message.transient;
  wanted.native_push = message.native_push;
  for (const auto i : devices) {
    const auto& device = stage.history.devices[i];
    const auto name = stage.name_of(device.person);
    const auto ciphertext =
        "message " + std::to_string(message.number) + " for " + stage.history.devices[i].name;
    auto text = wire::base64(ciphertext);
    stage.history.texts[text] = {message.number, message.addressees.size()};
    message.addressees.push_back({.device = i, .text = std::move(text)});
    wanted.recipients[name.domain][name.id][device.client] = ciphertext;
  }
  return wanted;
}

std::string told(const Stage& stage, const Message& message) {
  std::string text = "sends " + std::to_string(message.number) + " to " +
                     stage.history.talks[message.talk].name + ":";
  for (const auto& addressee : message.addressees)
    text += ' ' + stage.history.devices[addressee.device].name;
  return text + (message.transient ? " (transient)" : "");
}

void note_answer(Message& message, bool elsewhere, const std::optional<Result<Sent>>& answer) {
  // What the owner of a conversation did with a call that failed, nobody knows.
  const auto is_definite = [&](const Refusal& refusal) {
    if (!elsewhere) return refusal.reason != Reason::outcome_unknown;
    const bool owner_was_refused =
        refusal.fault && refusal.fault->inner.find("get-user-clients") != std::string::npos;
    return owner_was_refused || refusal.reason == Reason::no_conversation ||
           refusal.reason == Reason::unknown_client;
  };
  if (!answer || (!*answer && !is_definite(answer->error()))) {
    message.outcome = Outcome::unknown;
  } else if (!*answer) {
    message.outcome = Outcome::refused;
    message.reason = answer->error().reason;
    message.fault = answer->error().fault;
  } else {
    message.time = (*answer)->status.time;
    message.outcome = (*answer)->delivered ? Outcome::delivered : Outcome::stopped;
    for (const auto* set : {&(*answer)->status.redundant, &(*answer)->status.deleted})
      for (const auto& [domain, users] : *set)
        for (const auto& [user, clients] : users)
          for (const auto client : clients) message.left_out.emplace(user, client);
    for (const auto& [domain, users] : (*answer)->status.failed_to_send)
      for (const auto& [user, clients] : users)
        for (const auto client : clients) message.failed.emplace(user, client);
  }
}

std::string_view text_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::pending:
      return "waits";
    case Outcome::delivered:
      return "was acknowledged";
    case Outcome::stopped:
      return "was stopped by missing clients";
    case Outcome::refused:
      return "was refused";
    case Outcome::unknown:
      return "has no known outcome";
  }
  return "";
}

/// A backend that the conversation has nobody of is down, or cut off from its owner.
bool is_bystander_down(const Stage& stage, const Talk& talk) {
  if (!stage.between) return false;
  for (std::size_t site = 0; site < stage.sites.size(); ++site) {
    const bool involved =
        std::any_of(talk.members.begin(), talk.members.end(), [&](const auto& member) {
          return stage.history.people[member.first].site == site &&
                 (member.second.holds || !member.second.certain());
        });
    const auto& nodes = stage.sites[site]->nodes;
    const bool down =
        std::all_of(nodes.begin(), nodes.end(), [](const auto& node) { return !node; });
    if (!involved && (down || stage.between->is_cut(site, talk.site))) return true;
  }
  return false;
}

/// What somebody sends, perhaps more than once.
struct Letter {
  std::size_t device;
  std::size_t talk;
  std::vector<std::size_t> devices;
  Strategy strategy;
  bool transient;
  bool native_push;
};

Message& new_message(Stage& stage, const Letter& letter) {
  auto& message = stage.history.messages.emplace_back(Message{
      .number = stage.history.messages.size(), .sender = letter.device, .talk = letter.talk});
  message.transient = letter.transient;
  message.native_push = letter.native_push;
  message.began_at = stage.scheduler.now();
  message.bystander_down = is_bystander_down(stage, stage.history.talks[letter.talk]);
  for (const auto& site : stage.sites) message.mishaps.push_back(site->mishaps());
  return message;
}

/// Sends it once; the message, when its answer is there or will never be.
awaitable<Message*> post(Stage& stage, const Letter& letter, std::size_t node) {
  const auto& talk = stage.history.talks[letter.talk];
  auto& sender = stage.history.devices[letter.device];
  auto& site = stage.site_of(sender);
  const bool elsewhere = talk.site != stage.person_of(sender).site;
  auto& message = new_message(stage, letter);
  auto wanted = encrypt(stage, message, letter.devices, letter.strategy);
  const Knowledge known{stage, message};
  message.began = stage.asks(sender, told(stage, message));

  plant_in_message(stage, wanted);
  const auto connection = stage.start.plant == Plant::another_origin
                              ? ConnectionId{sender.connection.value + 1'000}
                              : sender.connection;
  const service::Sender from{stage.name_of(sender.person), connection};
  const std::function<awaitable<Result<Sent>>(service::Backend&)> ask =
      [from, elsewhere, id = talk.id, wanted](service::Backend& backend) {
        if (!elsewhere) return service::send(backend, from, id, wanted);
        return service::send_through_owner(backend, from.user.id, id, protobuf_of(wanted));
      };
  if (stage.start.plant == Plant::sends_twice) co_await stage.call(site, node, ask);
  auto answer = co_await stage.call(site, node, ask);
  plant_in_answer(stage, message, answer);

  note_answer(message, elsewhere, answer);
  const auto what = std::to_string(message.number) + ' ' + std::string{text_of(message.outcome)};
  message.ended = stage.answers(sender, what, answer.has_value());
  if (elsewhere && message.outcome == Outcome::delivered)
    stage.coverage.saw(Situation::remote_sender);
  if (!message.failed.empty()) stage.coverage.saw(Situation::told_too_late);
  if (answer && !*answer && answer->error().fault)
    stage.coverage.saw(Situation::refused_for_a_peer);
  known.judge(stage, message, letter.strategy, answer);
  co_return &message;
}

}  // namespace

awaitable<void> send(Stage& stage, std::size_t device, std::size_t talk_number, std::size_t node,
                     Choices& choices) {
  constexpr int tries_max = 4;
  const auto& talk = stage.history.talks[talk_number];
  Letter letter{.device = device,
                .talk = talk_number,
                .devices = believed(stage, device, talk),
                .strategy = {},
                .transient = false,
                .native_push = true};
  slip(stage, device, letter.devices, choices);
  letter.strategy = draw_strategy(stage, talk, choices);
  letter.transient = choices.below(12) == 11;
  letter.native_push = choices.below(4) != 3;
  auto* message = co_await post(stage, letter, node);
  // Nothing names a message, so whoever tries again sends another one.
  for (int tries = 1; message->outcome == Outcome::unknown && tries < tries_max; ++tries) {
    if (choices.below(2) == 0) co_return;
    const auto before = message->number;
    stage.coverage.saw(Situation::tried_again);
    message = co_await post(stage, letter, choices.below(stage.mix.nodes));
    message->again = before;
  }
}

}  // namespace twostep::properties
