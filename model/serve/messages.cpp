// Sending. What is asked is put into the model's words, and its outcome into those of the wire; nothing is
// decided here.

#include <algorithm>

#include "model/serve/chapters.hpp"
#include "model/serve/otr.hpp"

namespace twostep::model::serve {
namespace {

/// By domain and user, or by user alone in the older form.
Json json_of(Server& server, const std::vector<Client>& clients, bool with_domains) {
  Json map = Json::object();
  for (const auto& client : clients) {
    const auto user = server.runner.name_of(client.user);
    auto& of_user = with_domains ? map[user.domain][user.id] : map[user.id];
    of_user.push_back(client_text(client.id.value));
  }
  return map;
}

Json json_of(Server& server, const Status& status, bool with_domains) {
  auto time = moment_of(status.time);
  if (server.faulty(Fault::the_answer_has_another_time)) time += std::chrono::milliseconds{1};
  Json json = {{"time", time_text(time)},
               {"missing", json_of(server, status.missing, with_domains)},
               {"redundant", json_of(server, status.redundant, with_domains)},
               {"deleted", json_of(server, status.deleted, with_domains)}};
  if (server.faulty(Fault::redundant_clients_are_not_reported)) json["redundant"] = Json::object();
  if (server.faulty(Fault::deleted_clients_are_not_reported)) json["deleted"] = Json::object();
  if (!with_domains) return json;
  json["failed_to_send"] = json_of(server, status.failed_to_send, with_domains);
  json["failed_to_confirm_clients"] = json_of(server, status.failed_to_confirm, with_domains);
  for (const auto& user : status.out_of_reach) {
    const auto id = server.runner.name_of(user);
    for (const auto* map : {"failed_to_send", "failed_to_confirm_clients"}) {
      auto& clients = json[map][id.domain][id.id];
      if (clients.is_null()) clients = Json::array();
    }
  }
  if (server.faulty(Fault::a_map_of_the_status_is_left_out)) json.erase("failed_to_send");
  return json;
}

Reply reply_to(Server& server, const Send& details, const Outcome& outcome, bool with_domains) {
  switch (outcome.verdict) {
    case Verdict::accepted:
      return json_reply(201, json_of(server, outcome.status, with_domains));
    case Verdict::clients_missing: {
      auto status = json_of(server, outcome.status, with_domains);
      if (server.faulty(Fault::a_412_looks_like_an_error)) {
        status.update({{"code", 412}, {"label", "missing"}, {"message", "Clients are missing"}});
      }
      return json_reply(412, status);
    }
    case Verdict::no_conversation:
      refuse(404, "no-conversation", "No such conversation");
    case Verdict::unknown_client:
      refuse(403, "unknown-client", "The sender has no such client");
    case Verdict::peer_failed:
      throw Refusal{details.failures.at(outcome.failure)};
    case Verdict::store_failed:
      refuse(500, "server-error", "Nothing was stored");
  }
  refuse(500, "server-error", "No verdict");
}

/// The peers that are asked and told learn what stands in `octets` besides what the model knows.
Task<Reply> send(Call& call, Message message, bool with_domains, Send details) {
  auto& runner = call.server.runner;
  message.sender.user = runner.user(call.me());
  if (call.faulty(Fault::any_client_may_send)) {
    const auto& clients = call.account().clients;
    if (!clients.empty()) message.sender.id = {clients.begin()->first};
  }
  SendRequested requested{.request = runner.new_request(),
                          .message = std::move(message),
                          .origin = runner.connection(call.token->connection)};
  const auto request = requested.request;
  call.server.sends.emplace(request, std::move(details));
  Event event = std::move(requested);
  const auto effect = co_await runner.answer_to(request, std::move(event));
  const auto ended = call.server.sends.extract(request);
  co_return reply_to(call.server, ended.mapped(), std::get<Answer>(effect).outcome, with_domains);
}

std::string content_type_of(const Request& request) {
  const auto type = lower(find_header(request.headers, "content-type").value_or(""));
  return type.substr(0, type.find_first_of("; "));
}

constexpr auto protobuf = "application/x-protobuf";

std::optional<OlderStrategy::Parameter> strategy_parameter(const Call& call, const char* name) {
  const auto text = call.parameter(name);
  if (!text) return std::nullopt;
  using Kind = OlderStrategy::Parameter::Kind;
  if (*text == "true") return OlderStrategy::Parameter{Kind::yes, {}};
  if (*text == "false") return OlderStrategy::Parameter{Kind::no, {}};
  OlderStrategy::Parameter parameter{Kind::list, {}};
  for (std::size_t at = 0; at <= text->size();) {
    const auto end = std::min(text->find(',', at), text->size());
    parameter.users.push_back(call.server.number(uuid_in(text->substr(at, end - at))));
    at = end + 1;
  }
  return parameter;
}

}  // namespace

Json sending_status(Server& server, const Status& status) { return json_of(server, status, true); }

Task<Reply> send_message(Call& call) {
  if (content_type_of(call.request) != protobuf &&
      !call.faulty(Fault::messages_have_any_content_type)) {
    refuse(415, "unsupported-media-type", "application/x-protobuf is needed");
  }
  auto message = read_qualified_message(call.server, call.request.body);
  Send details{.octets = call.request.body, .priority = priority_in(call.request.body)};
  message.conversation = call.server.runner.conversation(call.qualified("domain", "conversation"));
  co_return co_await send(call, std::move(message), true, std::move(details));
}

Task<Reply> send_message_in_older_form(Call& call) {
  const bool is_protobuf = content_type_of(call.request) == protobuf;
  auto older = is_protobuf ? read_older_message(call.server, call.request.body)
                           : read_json_message(call.server, call.body());
  older.strategy.ignore_missing = strategy_parameter(call, "ignore_missing");
  older.strategy.report_missing = strategy_parameter(call, "report_missing");
  if (call.faulty(Fault::parameters_of_the_older_form_mean_nothing)) {
    older.strategy.ignore_missing = older.strategy.report_missing = std::nullopt;
  }
  if (call.faulty(Fault::the_list_in_the_body_means_nothing))
    older.strategy.report_missing_in_body = std::nullopt;
  older.message.strategy = strategy_of(older.strategy);
  older.message.conversation =
      call.server.runner.conversation({call.own_domain(), call.uuid("conversation")});
  Send nothing_for_peers;
  co_return co_await send(call, std::move(older.message), false, std::move(nothing_for_peers));
}

}  // namespace twostep::model::serve
