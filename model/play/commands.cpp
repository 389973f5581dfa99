// What each command of a scenario does.

#include <algorithm>

#include "model/flat.hpp"
#include "model/play/stage_player.hpp"
#include "model/play/table.hpp"
#include "model/worlds/names.hpp"

namespace twostep::model {
namespace {

constexpr ConversationId conversation{};   // There is one, and A owns it.
constexpr std::size_t nobodys_place = 14;  // Of the ciphertext for a client that does not exist.

std::string unknown(std::string_view what) {
  return "who or what is \"" + std::string{what} + "\"?";
}

// `ignore-all`, `report-only bob ann`, and what else a message may ask for.
std::string read_option(std::string_view option, Message& message, NodeId& node) {
  using Kind = Strategy::Kind;
  if (option == "ignore-all") return message.strategy.kind = Kind::ignore_all, "";
  if (option == "transient") return message.transient = true, "";
  if (option == "no push") return message.native_push = false, "";
  if (const auto at = match("at *", option)) {
    const auto server = server_named(at->front());
    if (!server) return unknown(at->front());
    return node = server->second, "";
  }
  const auto words = parts(option, ' ');
  if (words.empty() || (words[0] != "ignore-only" && words[0] != "report-only"))
    return unknown(option);
  message.strategy.kind = words[0] == "ignore-only" ? Kind::ignore_only : Kind::report_only;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const auto user = user_named(words[i]);
    if (!user) return unknown(words[i]);
    message.strategy.users.push_back(*user);
  }
  return {};
}

}  // namespace

const std::vector<StagePlayer::Rule>& StagePlayer::rules() {
  static const std::vector<Rule> all{
      {"after \"*\": *", &StagePlayer::waits_for},
      {"* sends to * (*)", &StagePlayer::sends},
      {"* sends to *", &StagePlayer::sends},
      {"* catches up", &StagePlayer::catches_up},
      {"* catches up in pages of *", &StagePlayer::catches_up},
      {"* opens a socket", &StagePlayer::opens_socket},
      {"* closes its socket", &StagePlayer::closes_socket},
      {"* forgets its pointer", &StagePlayer::forgets_pointer},
      {"* has a pointer that nobody gave", &StagePlayer::mistakes_pointer},
      {"* is a new client", &StagePlayer::has_client},
      {"* is deleted", &StagePlayer::loses_client},
      {"* is a phone", &StagePlayer::has_phone},
      {"* joins", &StagePlayer::joins},
      {"* leaves", &StagePlayer::leaves},
      {"* is down", &StagePlayer::goes_down},
      {"* is back", &StagePlayer::comes_back},
      {"answers of * are lost", &StagePlayer::answers_are_lost},
      {"* is too late", &StagePlayer::is_too_late},
      {"* crashes", &StagePlayer::crashes},
      {"* starts", &StagePlayer::starts},
      {"the next commit of * fails", &StagePlayer::commit_fails},
      {"hold *", &StagePlayer::holds},
      {"release *", &StagePlayer::releases},
      {"* tries * again", &StagePlayer::tries_again},
      {"everything expires at *", &StagePlayer::expires},
      {"the clock of * is ahead by *", &StagePlayer::is_ahead},
      {"time passes", &StagePlayer::time_passes},
  };
  return all;
}

std::string StagePlayer::sends(const Words& words, Trace& trace) {
  const auto sender = client_named(words[0]);
  if (!sender) return unknown(words[0]);
  backend(sender->user.home);
  Message message{.conversation = conversation, .sender = *sender};
  const auto message_number = stage_.sent.size();
  for (const auto& name : parts(words[1] == "nobody" ? "" : words[1])) {
    const auto client = client_named(name);
    if (!client) return unknown(name);
    const auto ciphertext = payload_of(message_number, device(*client).value_or(nobodys_place));
    message.recipients.push_back({*client, ciphertext});
  }
  message.recipients = last_of_each(std::move(message.recipients));
  NodeId node{};
  for (const auto& option : words.size() > 2 ? parts(words[2]) : Words{}) {
    if (auto error = read_option(option, message, node); !error.empty()) return error;
  }
  stage_.sent.emplace_back();
  send(stage_, message_number, message, node, &trace);
  return {};
}

std::string StagePlayer::catches_up(const Words& words, Trace& trace) {
  const auto who = device(words[0]);
  if (!who) return unknown(words[0]);
  constexpr int everything = 1000;
  int size = everything;
  if (words.size() > 1) size = std::max(1, std::atoi(words[1].c_str()));
  do {
    catch_up(stage_, *who, static_cast<std::size_t>(size), &trace);
  } while (trace.back().text.ends_with("more"));
  return {};
}

std::string StagePlayer::opens_socket(const Words& words, Trace& trace) {
  const auto who = device(words[0]);
  if (!who) return unknown(words[0]);
  connect(stage_, *who, {}, &trace);
  return {};
}

std::string StagePlayer::closes_socket(const Words& words, Trace& trace) {
  const auto who = device(words[0]);
  if (!who) return unknown(words[0]);
  disconnect(stage_, *who, &trace);
  return {};
}

std::string StagePlayer::forgets_pointer(const Words& words, Trace&) {
  const auto who = device(words[0]);
  if (!who) return unknown(words[0]);
  stage_.devices[*who].pointer.reset();
  return {};
}

std::string StagePlayer::mistakes_pointer(const Words& words, Trace&) {
  const auto who = device(words[0]);
  if (!who) return unknown(words[0]);
  stage_.devices[*who].pointer = NotificationId{0, 0, 999};
  return {};
}

std::string StagePlayer::has_client(const Words& words, Trace&) {
  const auto client = client_named(words[0]);
  if (!client) return unknown(words[0]);
  change(client->user.home, AddUser{client->user});
  change(client->user.home, AddClient{*client});
  if (!device(*client)) stage_.devices.push_back({.client = *client});
  return {};
}

std::string StagePlayer::loses_client(const Words& words, Trace&) {
  const auto who = device(words[0]);
  if (!who) return unknown(words[0]);
  const auto client = stage_.devices[*who].client;
  change(client.user.home, RemoveClient{client});
  return {};
}

std::string StagePlayer::has_phone(const Words& words, Trace&) {
  const auto who = device(words[0]);
  if (!who) return unknown(words[0]);
  const auto client = stage_.devices[*who].client;
  change(client.user.home, AddPushToken{client, {1}});
  return {};
}

std::string StagePlayer::joins(const Words& words, Trace&) {
  const auto user = user_named(words[0]);
  if (!user) return unknown(words[0]);
  change(conversation.owner, AddMembers{conversation, {*user}});
  if (user->home != conversation.owner) change(user->home, AddMembers{conversation, {*user}});
  return {};
}

std::string StagePlayer::leaves(const Words& words, Trace&) {
  const auto user = user_named(words[0]);
  if (!user) return unknown(words[0]);
  change(conversation.owner, RemoveMembers{conversation, {*user}});
  if (user->home != conversation.owner) change(user->home, RemoveMembers{conversation, {*user}});
  return {};
}

std::string StagePlayer::goes_down(const Words& words, Trace&) {
  const auto where = backend_named(words[0]);
  if (!where) return unknown(words[0]);
  down_.insert(*where);
  return {};
}

std::string StagePlayer::comes_back(const Words& words, Trace&) {
  const auto where = backend_named(words[0]);
  if (!where) return unknown(words[0]);
  down_.erase(*where);
  mute_.erase(*where);
  late_.erase(*where);
  return {};
}

std::string StagePlayer::answers_are_lost(const Words& words, Trace&) {
  const auto where = backend_named(words[0]);
  if (!where) return unknown(words[0]);
  mute_.insert(*where);
  return {};
}

std::string StagePlayer::is_too_late(const Words& words, Trace&) {
  const auto where = backend_named(words[0]);
  if (!where) return unknown(words[0]);
  late_.insert(*where);
  return {};
}

std::string StagePlayer::crashes(const Words& words, Trace& trace) {
  const auto server = server_named(words[0]);
  if (!server) return unknown(words[0]);
  crash(stage_, server->first, server->second, &trace);
  return {};
}

std::string StagePlayer::starts(const Words& words, Trace& trace) {
  const auto server = server_named(words[0]);
  if (!server) return unknown(words[0]);
  restart(stage_, server->first, server->second, &trace);
  return {};
}

std::string StagePlayer::commit_fails(const Words& words, Trace&) {
  const auto where = backend_named(words[0]);
  if (!where) return unknown(words[0]);
  failing_.insert(*where);
  return {};
}

std::string StagePlayer::holds(const Words& words, Trace&) {
  const auto found = match("m*", words[0]);
  if (!found) return unknown(words[0]);
  held_.insert(static_cast<std::size_t>(std::max(1, std::atoi(found->front().c_str())) - 1));
  return {};
}

std::string StagePlayer::releases(const Words& words, Trace&) {
  const auto found = match("m*", words[0]);
  if (!found) return unknown(words[0]);
  held_.erase(static_cast<std::size_t>(std::max(1, std::atoi(found->front().c_str())) - 1));
  return {};
}

std::string StagePlayer::tries_again(const Words& words, Trace& trace) {
  const auto caller = backend_named(words[0]);
  const auto peer = backend_named(words[1]);
  if (!caller || !peer) return unknown(words[0] + " or " + words[1]);
  take(stage_, *caller, RetryDue{*peer}, &trace);
  return {};
}

std::string StagePlayer::expires(const Words& words, Trace& trace) {
  const auto where = backend_named(words[0]);
  if (!where) return unknown(words[0]);
  expire_all(stage_, *where, &trace);
  return {};
}

std::string StagePlayer::is_ahead(const Words& words, Trace&) {
  const auto server = server_named(words[0]);
  if (!server) return unknown(words[0]);
  stage_.clocks.push_back({server->first, server->second, std::atoi(words[1].c_str())});
  return {};
}

std::string StagePlayer::time_passes(const Words&, Trace& trace) {
  pass_time(stage_, &trace);
  return {};
}

std::string StagePlayer::waits_for(const Words& words, Trace&) {
  waiting_.push_back({words[0], words[1]});
  return {};
}

}  // namespace twostep::model
