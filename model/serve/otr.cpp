#include "model/serve/otr.hpp"

#include <otr.pb.h>

#include <map>

#include "model/serve/http.hpp"

namespace twostep::model::serve {
namespace {

/// What is named twice replaces what was named before, on every level.
using CiphertextsOfUser = std::map<ClientNumber, std::string>;
using CiphertextsOfDomain = std::map<std::string, CiphertextsOfUser>;
using Ciphertexts = std::map<std::string, CiphertextsOfDomain>;

std::string uuid_in_octets(const std::string& octets) {
  constexpr std::size_t uuid_size = 16;
  if (octets.size() != uuid_size) bad_request("A user id has 16 octets");
  return uuid_text(octets);
}

std::string domain_in(const std::string& text) {
  const auto domain = read_domain(text);
  if (!domain) bad_request("Not a domain");
  return *domain;
}

template <class Wire>
Wire parsed(const std::string& body) {
  Wire message;
  // In two steps, because the usual one writes to the log what is missing.
  if (!message.ParsePartialFromString(body) || !message.IsInitialized()) {
    bad_request("The body is not the message expected");
  }
  return message;
}

template <class Entries>
CiphertextsOfDomain by_user(const Entries& entries) {
  CiphertextsOfDomain users;
  for (const auto& entry : entries) {
    auto& clients = users[uuid_in_octets(entry.user().uuid())] = {};
    for (const auto& client : entry.clients()) clients[client.client().client()] = client.text();
  }
  return users;
}

std::vector<Addressed> addressed(Server& server, const Ciphertexts& ciphertexts) {
  std::vector<Addressed> recipients;
  const std::string* former = nullptr;
  for (const auto& [domain, users] : ciphertexts) {
    for (const auto& [user, clients] : users) {
      const auto number = server.runner.user({domain, user});
      for (const auto& [client, text] : clients) {
        const bool swaps = former && server.faulty(Fault::ciphertexts_are_mixed_up);
        const auto cut = server.faulty(Fault::ciphertexts_end_at_a_zero)
                             ? text.substr(0, text.find('\0'))
                             : text;
        recipients.push_back(
            {{number, ClientId{client}}, server.runner.payload(swaps ? *former : cut)});
        former = &text;
      }
    }
  }
  return last_of_each(std::move(recipients));
}

template <class Wire>
Message options_of(Server& server, const Wire& wire) {
  Message message;
  message.sender.id = ClientId{wire.sender().client()};
  message.shared =
      server.runner.payload(server.faulty(Fault::shared_data_is_lost) ? "" : wire.blob());
  message.transient = wire.transient() && !server.faulty(Fault::transient_messages_are_stored);
  message.native_push = wire.native_push() || server.faulty(Fault::native_push_is_always_allowed);
  return message;
}

template <class Ids>
Strategy only(Server& server, Strategy::Kind kind, const Ids& ids) {
  Strategy strategy{kind, {}};
  for (const auto& id : ids)
    strategy.users.push_back(server.runner.user({domain_in(id.domain()), uuid_in(id.id())}));
  return strategy;
}

Strategy strategy_in(Server& server, const proteus::QualifiedNewOtrMessage& wire) {
  using Kind = Strategy::Kind;
  const bool inverts = server.faulty(Fault::report_only_is_ignore_only);
  switch (wire.client_mismatch_strategy_case()) {
    case proteus::QualifiedNewOtrMessage::kReportAll:
      return {Kind::report_all, {}};
    case proteus::QualifiedNewOtrMessage::kIgnoreAll:
      return {Kind::ignore_all, {}};
    case proteus::QualifiedNewOtrMessage::kReportOnly:
      return only(server, inverts ? Kind::ignore_only : Kind::report_only,
                  wire.report_only().user_ids());
    case proteus::QualifiedNewOtrMessage::kIgnoreOnly:
      return only(server, Kind::ignore_only, wire.ignore_only().user_ids());
    case proteus::QualifiedNewOtrMessage::CLIENT_MISMATCH_STRATEGY_NOT_SET:
      break;
  }
  if (server.faulty(Fault::a_message_needs_no_strategy)) return {Kind::report_all, {}};
  bad_request("A message needs a strategy");
}

CiphertextsOfUser ciphertexts_in(const Json& clients) {
  if (!clients.is_object()) bad_request("Recipients by user and client");
  CiphertextsOfUser ciphertexts;
  for (const auto& [client, text] : clients.items()) {
    const auto number = read_client(client);
    const auto octets = text.is_string() ? from_base64(text.get<std::string>()) : std::nullopt;
    if (!number || !octets) bad_request("Recipients by user and client, in base64");
    ciphertexts[*number] = *octets;
  }
  return ciphertexts;
}

}  // namespace

Json priority_in(const std::string& body) {
  const auto wire = parsed<proteus::QualifiedNewOtrMessage>(body);
  if (!wire.has_native_priority()) return nullptr;
  return wire.native_priority() == proteus::LOW_PRIORITY ? "low" : "high";
}

Message read_qualified_message(Server& server, const std::string& body) {
  const auto wire = parsed<proteus::QualifiedNewOtrMessage>(body);
  Ciphertexts ciphertexts;
  for (const auto& entry : wire.recipients()) {
    auto users = by_user(entry.entries());
    auto& of_domain = ciphertexts[domain_in(entry.domain())];
    if (server.faulty(Fault::the_first_of_two_entries_counts)) {
      for (auto& [user, clients] : of_domain) users[user] = clients;
    }
    of_domain = std::move(users);
  }
  auto message = options_of(server, wire);
  message.strategy = strategy_in(server, wire);
  message.recipients = addressed(server, ciphertexts);
  return message;
}

OlderMessage read_older_message(Server& server, const std::string& body) {
  const auto wire = parsed<proteus::NewOtrMessage>(body);
  OlderMessage older{.message = options_of(server, wire), .strategy = {}};
  older.message.recipients =
      addressed(server, {{server.options.domain, by_user(wire.recipients())}});
  if (wire.report_missing_size() > 0) {
    auto& users = older.strategy.report_missing_in_body.emplace();
    for (const auto& user : wire.report_missing())
      users.push_back(server.number(uuid_in_octets(user.uuid())));
  }
  return older;
}

OlderMessage read_json_message(Server& server, const Json& body) {
  const auto sender = read_client(text_in(body, "sender"));
  const auto shared = from_base64(text_if(body, "data").value_or(""));
  const auto& recipients = field(body, "recipients");
  if (!sender || !shared || !recipients.is_object())
    bad_request("sender, recipients, and data in base64");
  CiphertextsOfDomain ciphertexts;
  for (const auto& [user, clients] : recipients.items())
    ciphertexts[uuid_in(user)] = ciphertexts_in(clients);

  OlderMessage older;
  older.message.sender.id = ClientId{*sender};
  older.message.shared = server.runner.payload(*shared);
  older.message.transient = flag_if(body, "transient").value_or(false);
  older.message.native_push = flag_if(body, "native_push").value_or(true);
  older.message.recipients = addressed(server, {{server.options.domain, ciphertexts}});
  if (field_if(body, "report_missing")) {
    auto& users = older.strategy.report_missing_in_body.emplace();
    for (const auto& user : texts_if(body, "report_missing"))
      users.push_back(server.number(uuid_in(user)));
  }
  return older;
}

}  // namespace twostep::model::serve
