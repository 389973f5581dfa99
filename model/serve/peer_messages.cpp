// Messages between backends: what the model asks of peers, and what peers ask of the model.

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "model/serve/chapters.hpp"
#include "model/serve/otr.hpp"
#include "model/serve/peers.hpp"

namespace twostep::model::serve {
namespace {

// --- The answers of peers, in the model's words. ---

ClientNumber client_in(const std::string& text) {
  const auto client = read_client(text);
  if (!client) bad_request("Not a client");
  return *client;
}

std::vector<ClientsOf> clients_in(Server& server, const std::string& domain, const Json& body) {
  std::vector<ClientsOf> users;
  if (!body.is_object()) bad_request("Clients by user");
  for (const auto& [user, clients] : body.items()) {
    ClientsOf of_user{server.runner.user({domain, uuid_in(user)}), {}};
    if (!clients.is_array()) bad_request("Clients by user");
    for (const auto& client : clients)
      of_user.clients.push_back({client_in(text_in(client, "id"))});
    users.push_back(std::move(of_user));
  }
  return users;
}

/// Users without clients go to `users`.
std::vector<Client> clients_in_map(Server& server, const Json& map, std::vector<UserId>& users) {
  std::vector<Client> clients;
  if (!map.is_object()) bad_request("Clients by domain and user");
  for (const auto& [domain_text, of_domain] : map.items()) {
    const auto domain = read_domain(domain_text);
    if (!domain || !of_domain.is_object()) bad_request("Clients by domain and user");
    for (const auto& [id, of_user] : of_domain.items()) {
      const auto user = server.runner.user({*domain, uuid_in(id)});
      if (!of_user.is_array()) bad_request("Clients by domain and user");
      for (const auto& client : of_user) {
        if (!client.is_string()) bad_request("Clients by domain and user");
        clients.push_back({user, {client_in(client)}});
      }
      if (of_user.empty()) users.push_back(user);
    }
  }
  return clients;
}

Status status_in(Server& server, const Json& body) {
  const auto time = read_time(text_in(body, "time"));
  if (!time) bad_request("Not a time");
  std::vector<UserId> ignored;
  Status status;
  status.time = time_of(*time);
  status.missing = clients_in_map(server, field(body, "missing"), ignored);
  status.redundant = clients_in_map(server, field(body, "redundant"), ignored);
  status.deleted = clients_in_map(server, field(body, "deleted"), ignored);
  status.failed_to_send =
      clients_in_map(server, field(body, "failed_to_send"), status.out_of_reach);
  if (const auto* unconfirmed = field_if(body, "failed_to_confirm_clients")) {
    status.failed_to_confirm = clients_in_map(server, *unconfirmed, ignored);
  }
  return status;
}

/// The owner's answer to a message that was forwarded. What the model has no word for is a Refusal that the
/// client is told.
Outcome outcome_in(Server& server, const PeerCall& call, const Json& body) {
  if (const auto* right = field_if(body, "Right")) {
    return {.verdict = Verdict::accepted, .status = status_in(server, *right)};
  }
  const auto& left = field(body, "Left");
  const auto tag = text_in(left, "tag");
  if (tag == "MessageNotSentClientMissing") {
    const bool hides = server.faulty(Fault::what_the_owner_misses_is_hidden);
    return {.verdict = hides ? Verdict::unknown_client : Verdict::clients_missing,
            .status = status_in(server, field(left, "contents"))};
  }
  if (tag == "MessageNotSentConversationNotFound") return {.verdict = Verdict::no_conversation};
  if (tag == "MessageNotSentUnknownClient") return {.verdict = Verdict::unknown_client};
  if (tag.starts_with("MessageNotSentLegalhold")) {
    throw Refusal{.status = 403,
                  .label = "missing-legalhold-consent",
                  .message = "Legalhold is not served here"};
  }
  unexpected_body(call);
}

/// The client who waits is told this refusal, if the model says that the peer's failure decides.
void call_failed(Server& server, RequestId request, const std::string& domain,
                 const Refusal& refusal) {
  const auto send = server.sends.find(request);
  if (send == server.sends.end()) return;  // It has ended: another peer failed before.
  auto& failures = send->second.failures;
  failures.push_back(refusal);
  const auto failure = static_cast<Failure>(failures.size() - 1);
  server.runner.happen(CallFailed{request, server.runner.backend_of(domain), failure});
}

// --- What the model asks of peers. ---

Task<void> ask_and_report(Server& server, AskClients ask, PeerCall call) {
  std::optional<Refusal> failure;
  try {
    const auto body = co_await call_peer(server, call);
    auto users = read_answer(call, [&] { return clients_in(server, call.domain, body); });
    server.runner.happen(ClientsAnswered{ask.request, ask.peer, std::move(users)});
  } catch (const Refusal& refusal) {
    failure = refusal;
  }
  if (failure) call_failed(server, ask.request, call.domain, *failure);
}

Task<void> tell_and_report(Server& server, TellToStore tell, PeerCall call) {
  std::optional<Refusal> failure;
  try {
    co_await call_peer(server, call);
    server.runner.happen(PeerStored{tell.request, tell.peer});
  } catch (const Refusal& refusal) {
    failure = refusal;
  }
  if (failure) call_failed(server, tell.request, call.domain, *failure);
}

Task<void> forward_and_report(Server& server, RequestId request, PeerCall call) {
  std::optional<Refusal> failure;
  try {
    const auto body = co_await call_peer(server, call);
    auto outcome = read_answer(call, [&] { return outcome_in(server, call, body); });
    server.runner.happen(OwnerAnswered{request, std::move(outcome)});
  } catch (const Refusal& refusal) {
    failure = refusal;
  }
  if (failure) call_failed(server, request, call.domain, *failure);
}

// --- What peers ask. ---

Json answer_of(Server& server, const Send& details, const Outcome& outcome) {
  const auto left = [](const char* tag) { return Json{{"Left", {{"tag", tag}}}}; };
  switch (outcome.verdict) {
    case Verdict::accepted:
      return {{"Right", sending_status(server, outcome.status)}};
    case Verdict::clients_missing: {
      auto answer = left("MessageNotSentClientMissing");
      answer["Left"]["contents"] = sending_status(server, outcome.status);
      return answer;
    }
    case Verdict::no_conversation:
      return left("MessageNotSentConversationNotFound");
    case Verdict::unknown_client:
      return left("MessageNotSentUnknownClient");
    case Verdict::peer_failed:
      throw Refusal{details.failures.at(outcome.failure)};
    case Verdict::store_failed:
      break;
  }
  refuse(500, "server-error", "Nothing was stored");
}

std::string octets_in(const Json& body, const char* name) {
  const auto octets = from_base64(text_in(body, name));
  if (!octets) bad_request("Not base64");
  return *octets;
}

std::vector<Addressed> recipients_in(Asked& asked) {
  std::vector<Addressed> recipients;
  const auto& users = field(asked.body, "recipients");
  if (!users.is_object()) bad_request("Recipients by user and client");
  for (const auto& [user, clients] : users.items()) {
    if (!clients.is_object()) bad_request("Recipients by user and client");
    const auto number = asked.server.number(uuid_in(user));
    for (const auto& [client, text] : clients.items()) {
      auto octets = octets_in(clients, client.c_str());
      recipients.push_back(
          {{number, {client_in(client)}}, asked.server.runner.payload(std::move(octets))});
    }
  }
  return last_of_each(std::move(recipients));
}

}  // namespace

void ask_clients(Server& server, const AskClients& ask) {
  Json users = Json::array();
  for (const auto& user : ask.users) users.push_back(server.runner.name_of(user).id);
  PeerCall call{server.runner.domain_of(ask.peer), "brig/get-user-clients", {{"users", users}}};
  boost::asio::co_spawn(server.context, ask_and_report(server, ask, std::move(call)),
                        boost::asio::detached);
}

void tell_to_store(Server& server, const TellToStore& tell) {
  const auto& message = tell.message;
  const auto& runner = server.runner;
  Json recipients = Json::object();
  for (const auto& [client, ciphertext] : message.recipients) {
    recipients[runner.name_of(client.user).id][client_text(client.id.value)] =
        base64(runner.octets_of(ciphertext));
  }
  const bool quiet = server.faulty(Fault::peers_push_what_they_should_not);
  Json body = {{"time", time_text(moment_of(message.time))},
               {"data", base64(runner.octets_of(message.shared))},
               {"sender", json_of(runner.name_of(message.sender.user))},
               {"sender_client", client_text(message.sender.id.value)},
               {"conversation", runner.name_of(message.conversation).id},
               {"priority", server.sends[tell.request].priority},
               {"push", message.native_push || quiet},
               {"transient", message.transient},
               {"recipients", recipients}};
  if (server.faulty(Fault::peers_are_not_told_shared_data)) body["data"] = nullptr;
  PeerCall call{runner.domain_of(tell.peer), "galley/on-message-sent", std::move(body)};
  boost::asio::co_spawn(server.context, tell_and_report(server, tell, std::move(call)),
                        boost::asio::detached);
}

void forward(Server& server, const Forward& forward) {
  const auto conversation = server.runner.name_of(forward.message.conversation);
  PeerCall call{conversation.domain,
                "galley/send-message",
                {{"conv_id", conversation.id},
                 {"sender", server.runner.name_of(forward.message.sender.user).id},
                 {"raw_message", base64(server.sends[forward.request].octets)}}};
  boost::asio::co_spawn(server.context,
                        forward_and_report(server, forward.request, std::move(call)),
                        boost::asio::detached);
}

Task<Json> asked_for_clients(Asked& asked) {
  auto& runner = asked.server.runner;
  ClientsAsked event{.request = runner.new_request(), .from = runner.backend_of(asked.origin)};
  for (const auto& user : texts_in(asked.body, "users"))
    event.users.push_back(asked.server.number(uuid_in(user)));
  const auto request = event.request;
  Event asking = std::move(event);
  const auto effect = co_await runner.answer_to(request, std::move(asking));
  Json answer = Json::object();
  for (const auto& [user, clients] : std::get<AnswerClients>(effect).users) {
    auto& list = answer[runner.name_of(user).id] = Json::array();
    for (const auto& client : clients) {
      list.push_back(public_json_of_client(asked.server, runner.name_of(user), client.value));
    }
  }
  co_return answer;
}

Task<Json> asked_to_send(Asked& asked) {
  auto& server = asked.server;
  auto& runner = server.runner;
  const QualifiedId conversation = server.qualified(uuid_in(text_in(asked.body, "conv_id")));
  auto sender = asked.of_caller("sender");
  if (server.faulty(Fault::any_backend_sends_for_anybody)) {
    const auto known = server.conversations.find(conversation);
    for (const auto& [member, role] :
         known == server.conversations.end() ? Roles{} : known->second.roles) {
      if (member.id == sender.id) sender = member;
    }
  }
  const auto octets = octets_in(asked.body, "raw_message");
  SendRequested event{.request = runner.new_request(),
                      .message = read_qualified_message(server, octets)};
  event.message.conversation = runner.conversation(conversation);
  event.message.sender.user = runner.user(sender);
  event.from = runner.backend_of(sender.domain);
  const auto request = event.request;
  server.sends.emplace(request, Send{.priority = priority_in(octets)});
  Event sending = std::move(event);
  const auto effect = co_await runner.answer_to(request, std::move(sending));
  const auto ended = server.sends.extract(request);
  co_return answer_of(server, ended.mapped(), std::get<Answer>(effect).outcome);
}

Task<Json> told_of_message(Asked& asked) {
  auto& runner = asked.server.runner;
  const auto& body = asked.body;
  const auto time = read_time(text_in(body, "time"));
  if (!time) bad_request("Not a time");
  const auto sender = qualified_id_in(field(body, "sender"));
  Message message;
  message.conversation = runner.conversation(asked.of_caller("conversation"));
  if (asked.server.faulty(Fault::a_peer_writes_where_it_likes)) {
    for (const auto& [id, conversation] : asked.server.conversations) {
      if (id.id == text_in(body, "conversation")) message.conversation = runner.conversation(id);
    }
  }
  message.sender = {runner.user(sender), {client_in(text_in(body, "sender_client"))}};
  message.time = time_of(*time);
  message.native_push = flag_if(body, "push").value_or(true);
  message.transient = flag_if(body, "transient").value_or(false);
  message.shared = runner.payload(field_if(body, "data") ? octets_in(body, "data") : "");
  message.recipients = recipients_in(asked);
  StoreAsked event{.request = runner.new_request(),
                   .from = message.conversation.owner,
                   .message = std::move(message)};
  event.origin = event.request;
  const auto request = event.request;
  Event storing = std::move(event);
  const auto effect = co_await runner.answer_to(request, std::move(storing));
  if (!std::get<AnswerStore>(effect).stored) refuse(500, "server-error", "Nothing was stored");
  co_return Json::object();
}

}  // namespace twostep::model::serve
