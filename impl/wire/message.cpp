#include "impl/wire/message.hpp"

#include <google/protobuf/arena.h>
#include <otr.pb.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "impl/wire/json_text.hpp"
#include "impl/wire/legacy_strategy.hpp"
#include "impl/wire/protobuf.hpp"

namespace twostep::wire {
namespace {

template <class T>
using Repeated = google::protobuf::RepeatedPtrField<T>;

// A sorted map of entries in the order of the wire: of several with one key, the last. Sorted at
// once: one insertion after the other would make a hostile order cost the square of its length.
template <class Map, class Entries>
Map last_wins(Entries entries) {
  std::stable_sort(entries.begin(), entries.end(),
                   [](const auto& l, const auto& r) { return l.first < r.first; });
  Map map;
  map.reserve(entries.size());
  for (auto entry = entries.begin(); entry != entries.end(); ++entry) {
    const auto next = std::next(entry);
    if (next != entries.end() && next->first == entry->first) continue;
    map.emplace_hint(map.end(), std::move(entry->first), std::move(entry->second));
  }
  return map;
}

Ciphertexts ciphertexts_of(Repeated<proteus::ClientEntry>& entries) {
  std::vector<std::pair<ClientId, std::string>> texts;
  texts.reserve(static_cast<std::size_t>(entries.size()));
  for (auto& entry : entries) {
    texts.emplace_back(ClientId{entry.client().client()}, std::move(*entry.mutable_text()));
  }
  return last_wins<Ciphertexts>(std::move(texts));
}

Result<UserId> user_of(const proteus::UserId& octets) {
  if (const auto user = UserId::from_bytes(octets.uuid())) return *user;
  return Refusal{Reason::bad_request, "a user that is not 16 octets"};
}

Result<CiphertextsOfUsers> recipients_of(Repeated<proteus::UserEntry>& entries) {
  std::vector<std::pair<UserId, Ciphertexts>> users;
  users.reserve(static_cast<std::size_t>(entries.size()));
  for (auto& entry : entries) {
    const auto user = user_of(entry.user());
    if (!user) return user.error();
    users.emplace_back(*user, ciphertexts_of(*entry.mutable_clients()));
  }
  return last_wins<CiphertextsOfUsers>(std::move(users));
}

Result<Recipients> recipients_of(Repeated<proteus::QualifiedUserEntry>& entries) {
  std::vector<std::pair<Domain, CiphertextsOfUsers>> domains;
  domains.reserve(static_cast<std::size_t>(entries.size()));
  for (auto& entry : entries) {
    auto domain = Domain::parse(entry.domain());
    if (!domain) return Refusal{Reason::bad_request, "a domain that is none"};
    auto users = recipients_of(*entry.mutable_entries());
    if (!users) return users.error();
    domains.emplace_back(*std::move(domain), *std::move(users));
  }
  return last_wins<Recipients>(std::move(domains));
}

// The names in a list, which may come in any order and twice.
Users users_of(std::vector<QualifiedUser> names) {
  std::sort(names.begin(), names.end());
  Users users;
  for (auto& name : names) {
    auto& ids = users.try_emplace(users.end(), std::move(name.domain))->second;
    ids.emplace_hint(ids.end(), name.id);
  }
  return users;
}

Result<Users> users_of(const Repeated<proteus::QualifiedUserId>& entries) {
  std::vector<QualifiedUser> names;
  names.reserve(static_cast<std::size_t>(entries.size()));
  for (const auto& entry : entries) {
    auto domain = Domain::parse(entry.domain());
    const auto user = UserId::parse(entry.id());
    if (!domain || !user) return Refusal{Reason::bad_request, "a user in the strategy"};
    names.push_back({*std::move(domain), *user});
  }
  return users_of(std::move(names));
}

template <class Only>
Result<Strategy> only(const Repeated<proteus::QualifiedUserId>& entries) {
  auto users = users_of(entries);
  if (!users) return users.error();
  return Strategy{Only{*std::move(users)}};
}

Result<Strategy> strategy_of(const proteus::QualifiedNewOtrMessage& message) {
  using Message = proteus::QualifiedNewOtrMessage;
  switch (message.client_mismatch_strategy_case()) {
    case Message::kReportAll:
      return Strategy{ReportAll{}};
    case Message::kIgnoreAll:
      return Strategy{IgnoreAll{}};
    case Message::kReportOnly:
      return only<ReportOnly>(message.report_only().user_ids());
    case Message::kIgnoreOnly:
      return only<IgnoreOnly>(message.ignore_only().user_ids());
    case Message::CLIENT_MISMATCH_STRATEGY_NOT_SET:
      break;
  }
  return Refusal{Reason::bad_request, "no client mismatch strategy"};
}

// What both forms have in common.
template <class Message>
NewMessage message_of(Message& body, Recipients recipients, Strategy strategy) {
  NewMessage message{.sender = ClientId{body.sender().client()},
                     .recipients = std::move(recipients),
                     .native_push = body.native_push(),
                     .transient = body.transient(),
                     .strategy = std::move(strategy)};
  if (body.has_blob()) message.blob = std::move(*body.mutable_blob());
  if (body.has_native_priority()) {
    message.priority =
        body.native_priority() == proteus::LOW_PRIORITY ? Priority::low : Priority::high;
  }
  return message;
}

}  // namespace

Result<NewMessage> decode_qualified_message(std::string_view protobuf) {
  google::protobuf::Arena arena;
  auto& body = *google::protobuf::Arena::CreateMessage<proteus::QualifiedNewOtrMessage>(&arena);
  if (const auto read = read_protobuf(protobuf, message_fields_max, body); !read) {
    return read.error();
  }
  auto strategy = strategy_of(body);
  if (!strategy) return strategy.error();
  auto recipients = recipients_of(*body.mutable_recipients());
  if (!recipients) return recipients.error();
  return message_of(body, *std::move(recipients), *std::move(strategy));
}

Result<NewMessage> decode_legacy_message(std::string_view protobuf, const Parameters& query,
                                         const Domain& domain) {
  google::protobuf::Arena arena;
  auto& body = *google::protobuf::Arena::CreateMessage<proteus::NewOtrMessage>(&arena);
  if (const auto read = read_protobuf(protobuf, message_fields_max, body); !read) {
    return read.error();
  }
  std::optional<std::vector<UserId>> report_missing;
  for (const auto& octets : body.report_missing()) {
    const auto user = user_of(octets);
    if (!user) return user.error();
    if (!report_missing) report_missing.emplace();
    report_missing->push_back(*user);
  }
  auto strategy = legacy_strategy(std::move(report_missing), query, domain);
  if (!strategy) return strategy.error();
  auto users = recipients_of(*body.mutable_recipients());
  if (!users) return users.error();
  Recipients recipients;
  recipients.emplace(domain, *std::move(users));
  return message_of(body, std::move(recipients), *std::move(strategy));
}

}  // namespace twostep::wire
