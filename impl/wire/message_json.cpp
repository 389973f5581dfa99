// The parts of a message on the wire that are JSON.
#include "impl/core/limits.hpp"
#include "impl/wire/base64.hpp"
#include "impl/wire/fields.hpp"
#include "impl/wire/json_text.hpp"
#include "impl/wire/legacy_strategy.hpp"
#include "impl/wire/message.hpp"

namespace twostep::wire {
namespace {

Result<std::string> octets(const Json& value) {
  if (const auto* text = value.get_ptr<const std::string*>()) {
    if (auto read = from_base64(*text)) return *std::move(read);
  }
  return Refusal{Reason::bad_request, "not base64"};
}

Result<CiphertextsOfUsers> recipients(const Json& value) {
  const read::Map users{read::user_id, read::Map{read::client_id, octets, limits::json_values_max},
                        limits::json_values_max};
  auto read = users(value);
  if (!read) return read.error();
  CiphertextsOfUsers recipients;
  recipients.reserve(read->size());
  for (auto& [user, texts] : *read) {
    auto& to = recipients.try_emplace(recipients.end(), user)->second;
    to.reserve(texts.size());
    for (auto& [client, text] : texts) to.emplace_hint(to.end(), client, std::move(text));
  }
  return recipients;
}

void append_clients(std::string& out, const ClientsOfUsers& users) {
  out += '{';
  for (const auto& [user, clients] : users) {
    if (out.back() == ']') out += ',';
    out += '"' + user.text() + "\":[";
    for (const auto client : clients) {
      if (out.back() == '"') out += ',';
      out += '"' + client.text() + '"';
    }
    out += ']';
  }
  out += '}';
}

void append_clients(std::string& out, const Clients& domains) {
  out += '{';
  for (const auto& [domain, users] : domains) {
    if (out.back() == '}') out += ',';
    out += '"' + domain.text() + "\":";
    append_clients(out, users);
  }
  out += '}';
}

const ClientsOfUsers& of_domain(const Clients& clients, const Domain& domain) {
  static const ClientsOfUsers nobody;
  const auto found = clients.find(domain);
  return found == clients.end() ? nobody : found->second;
}

}  // namespace

Result<NewMessage> decode_legacy_json_message(std::string_view json, const Parameters& query,
                                              const Domain& domain) {
  const auto body = parse_object(json);
  if (!body) return body.error();
  Fields fields{*body};
  NewMessage message;
  message.sender = fields.required("sender", read::client_id);
  message.recipients.emplace(domain, fields.required("recipients", recipients));
  message.native_push = fields.optional("native_push", read::boolean).value_or(true);
  message.transient = fields.optional("transient", read::boolean).value_or(false);
  message.blob = fields.optional("data", octets).value_or("");
  if (const auto priority = fields.optional("native_priority", read::anything)) {
    if (*priority == "low") message.priority = Priority::low;
    if (*priority == "high") message.priority = Priority::high;
  }
  auto listed =
      fields.optional("report_missing", read::List{read::user_id, limits::json_values_max});
  if (fields.refusal()) return *fields.refusal();
  auto strategy = legacy_strategy(std::move(listed), query, domain);
  if (!strategy) return strategy.error();
  message.strategy = *std::move(strategy);
  return message;
}

std::string encode_sending_status(const SendingStatus& status) {
  std::string out = R"({"time":")" + millisecond_time(status.time) + '"';
  const auto add = [&out](std::string_view name, const Clients& clients) {
    out += ",\"";
    out += name;
    out += "\":";
    append_clients(out, clients);
  };
  add("missing", status.missing);
  add("redundant", status.redundant);
  add("deleted", status.deleted);
  add("failed_to_send", status.failed_to_send);
  add("failed_to_confirm_clients", {});
  return out + '}';
}

std::string encode_legacy_status(const SendingStatus& status, const Domain& domain) {
  std::string out = R"({"time":")" + millisecond_time(status.time) + '"';
  const auto add = [&](std::string_view name, const Clients& clients) {
    out += ",\"";
    out += name;
    out += "\":";
    append_clients(out, of_domain(clients, domain));
  };
  add("missing", status.missing);
  add("redundant", status.redundant);
  add("deleted", status.deleted);
  return out + '}';
}

}  // namespace twostep::wire
