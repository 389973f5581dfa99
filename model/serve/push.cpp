// Push tokens, and native push: one call of the push gateway, without a second attempt.

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "model/serve/chapters.hpp"
#include "model/serve/http_client.hpp"
#include "model/serve/limits.hpp"

namespace twostep::model::serve {
namespace {

Json json_of(const PushTokenRecord& token) {
  return {{"transport", token.transport},
          {"app", token.app},
          {"token", token.token},
          {"client", client_text(token.client)}};
}

/// The model's token is one registration: the same text for two clients is two.
TokenId number_of(Server& server, const PushTokenRecord& token) {
  return server.runner.token(token.user + json_of(token).dump());
}

PushTokenRecord token_in(Call& call) {
  const auto body = call.body();
  const auto client = read_client(text_in(body, "client"));
  if (!client) bad_request("Not a client");
  PushTokenRecord token{call.token->user, text_in(body, "transport"), text_in(body, "app"),
                        text_in(body, "token"), *client};
  const bool voip = token.transport == "APNS_VOIP" || token.transport == "APNS_VOIP_SANDBOX";
  const bool apple = token.transport == "APNS" || token.transport == "APNS_SANDBOX";
  if (voip) refuse(400, "apns-voip-not-supported", "There is no push for calls");
  if (!apple && token.transport != "GCM") bad_request("Unknown transport");
  const auto chars_max = apple ? limits::apns_token_chars_max : limits::gcm_token_chars_max;
  if (token.token.size() > chars_max && !call.faulty(Fault::tokens_have_any_length)) {
    refuse(413, "token-too-long", "The token is too long");
  }
  if (!call.account().clients.contains(*client)) refuse(404, "client-not-found", "No such client");
  return token;
}

void remove(Server& server, const PushTokenRecord& token, Happened& what) {
  what.changes.push_back(RemovePushToken{server.number(token.user), number_of(server, token)});
  std::erase_if(server.push_tokens, [&](const auto& other) {
    return number_of(server, other) == number_of(server, token);
  });
}

Task<void> post_to_gateway(Server& server, PushTokenRecord token, Json notice) {
  const Headers no_more_headers;
  const auto reply = co_await post(server.options.push_gateway, no_more_headers, notice.dump(),
                                   limits::push_time_max);
  --server.pushes_under_way;
  if (!reply || reply->status != 410 || server.faulty(Fault::dead_tokens_are_kept)) co_return;
  Happened what;
  remove(server, token, what);
  const Json event = {{"type", "user.push-remove"}, {"token", json_of(token)}};
  what.told.push_back({server.qualified(token.user), token.client, event});
  happened(server, nullptr, what);
}

}  // namespace

Reply add_push_token(Call& call) {
  auto& server = call.server;
  const auto token = token_in(call);
  Happened what;
  const auto same_place = [&](const PushTokenRecord& other) {
    return other.user == token.user && other.client == token.client &&
           other.transport == token.transport && other.app == token.app &&
           !call.faulty(Fault::push_tokens_pile_up);
  };
  const auto former =
      std::find_if(server.push_tokens.begin(), server.push_tokens.end(), same_place);
  if (former != server.push_tokens.end()) remove(server, PushTokenRecord{*former}, what);
  what.changes.push_back(
      AddPushToken{{server.number(token.user), ClientId{token.client}}, number_of(server, token)});
  server.push_tokens.push_back(token);
  happened(server, nullptr, what);
  return json_reply(201, json_of(token), {{"Location", token.token}});
}

Reply list_push_tokens(Call& call) {
  Json tokens = Json::array();
  for (const auto& token : call.server.push_tokens) {
    if (token.user == call.token->user) tokens.push_back(json_of(token));
  }
  return json_reply(200, {{"tokens", tokens}});
}

Reply delete_push_token(Call& call) {
  const auto text = call.captures.at("token");
  Happened what;
  for (const auto& token : std::vector{call.server.push_tokens}) {
    const bool own =
        token.user == call.token->user || call.faulty(Fault::tokens_of_others_can_be_deleted);
    if (own && token.token == text) remove(call.server, token, what);
  }
  if (what.changes.empty()) refuse(404, "not-found", "No such push token");
  happened(call.server, nullptr, what);
  return empty_reply(204);
}

void push(Server& server, const Push& effect) {
  const auto same = [&](const PushTokenRecord& token) {
    return number_of(server, token) == effect.token;
  };
  const auto token = std::find_if(server.push_tokens.begin(), server.push_tokens.end(), same);
  if (server.options.push_gateway.empty() || token == server.push_tokens.end()) return;
  if (server.pushes_under_way == limits::pushes_max) return;
  Json notice = {
      {"transport", token->transport},
      {"app", token->app},
      {"token", token->token},
      {"priority", server.faulty(Fault::pushes_have_no_priority) ? "normal" : "high"},
      {"payload",
       {{"type", "notice"}, {"data", {{"id", uuid_of(effect.id)}}}, {"user", token->user}}}};
  if (server.faulty(Fault::pushes_carry_the_ciphertext)) {
    const auto stored = find(server.runner.backend(), effect.client.user, {}, effect.id);
    if (stored)
      notice["payload"]["text"] = base64(server.runner.octets_of(stored->content.payload));
  }
  ++server.pushes_under_way;
  auto posting = post_to_gateway(server, *token, std::move(notice));
  boost::asio::co_spawn(server.context, std::move(posting), boost::asio::detached);
}

}  // namespace twostep::model::serve
