#include "property-tests/oracle/command.hpp"

#include "model/worlds/names.hpp"

namespace twostep::properties::oracle {

std::string ciphertext(std::size_t message, const Device& device) {
  return "m" + std::to_string(message + 1) + " for " + device.name;
}

std::string shared_data(std::size_t message) {
  return "m" + std::to_string(message + 1) + " for all";
}

std::string_view text_of(model::Call::Kind kind) {
  switch (kind) {
    case model::Call::Kind::ask:
      return "which clients?";
    case model::Call::Kind::tell:
      return "store this";
    case model::Call::Kind::forward:
      return "send this";
  }
  return {};
}

namespace {

std::string strategy_text(const model::Strategy& strategy) {
  switch (strategy.kind) {
    case model::Strategy::Kind::report_all:
      return {};
    case model::Strategy::Kind::ignore_all:
      return ", whoever is missing";
    case model::Strategy::Kind::report_only:
      return ", unless one of these is missing: " + model::names(strategy.users);
    case model::Strategy::Kind::ignore_only:
      return ", even if one of these is missing: " + model::names(strategy.users);
  }
  return {};
}

std::string mishap_text(const Command& command) {
  if (!command.mishap) return {};
  const auto& [from, to, kind, is_answer] = *command.mishap;
  return ", and " +
         (is_answer ? "from " + model::name(to) + " to " + model::name(from)
                    : "from " + model::name(from) + " to " + model::name(to)) +
         (is_answer ? " no answer arrives to '" : " nothing arrives of '") +
         std::string{text_of(kind)} + "'";
}

std::string send_text(const Cast& cast, const Command& command) {
  std::vector<model::Client> to;
  for (const auto& recipient : command.message.recipients) to.push_back(recipient.client);
  return " sends m" + std::to_string(command.number + 1) + " in " + cast.talks[command.talk].name +
         " to " + (to.empty() ? "nobody" : model::names(to)) +
         strategy_text(command.message.strategy) +
         (command.message.transient ? ", transient" : "") +
         (command.message.native_push ? "" : ", without push") + mishap_text(command);
}

std::string catch_up_text(const Cast& cast, const Command& command) {
  const auto& person = cast.people[cast.devices[command.device].person].name;
  return " asks for " + std::to_string(command.size) +
         (command.since ? " after " + person + "#" + std::to_string(*command.since + 1) : "") +
         (command.whole_inbox ? " of the whole inbox" : "");
}

}  // namespace

std::string text_of(const Cast& cast, const Command& command) {
  const auto& who = cast.devices[command.device].name;
  const auto& member = cast.people[command.person].name;
  const model::BackendId site{static_cast<std::uint16_t>(command.site)};
  switch (command.what) {
    case Command::What::send:
      return who + send_text(cast, command);
    case Command::What::catch_up:
      return who + catch_up_text(cast, command);
    case Command::What::connect:
      return who + (command.whole_inbox ? " opens a socket for everything" : " opens a socket");
    case Command::What::hang_up:
      return who + " hangs up";
    case Command::What::add_client:
      return who + " registers";
    case Command::What::remove_client:
      return who + " is removed";
    case Command::What::add_member:
      return member + " joins " + cast.talks[command.talk].name;
    case Command::What::remove_member:
      return member + " is removed from " + cast.talks[command.talk].name;
    case Command::What::add_push_token:
      return who + " has a push token";
    case Command::What::crash:
      return model::name(site) + " is killed";
    case Command::What::start:
      return model::name(site) + " starts";
  }
  return {};
}

}  // namespace twostep::properties::oracle
