#include "impl/server/routes_conversations.hpp"

#include <string>
#include <utility>

#include "impl/server/captures.hpp"
#include "impl/service/conversations.hpp"
#include "impl/service/members.hpp"
#include "impl/wire/conversations.hpp"

namespace twostep::server {
namespace {

using boost::asio::awaitable;
using service::Backend;

/// The conversation that the path names first.
Result<QualifiedConversation> conversation_in(const Request& request) {
  return qualified_name<ConversationId>(request, 0);
}

/// 200 with the event, or 204 if there was nothing to change.
Result<Response> response_of(Result<service::Happened> happened) {
  if (!happened) return happened.error();
  if (!*happened) return Response{.status = 204};
  return Response{.body = **std::move(happened)};
}

awaitable<Result<Response>> create(Backend& backend, const Request& request) {
  auto wanted = wire::decode_new_conversation(request.body, backend.domain);
  if (!wanted) co_return wanted.error();
  const auto created =
      co_await service::create_conversation(backend, *request.caller, *std::move(wanted));
  if (!created) co_return created.error();
  co_return Response{.status = 201,
                     .body = wire::encode_created_conversation(*created),
                     .headers = {{"Location", created->conversation.id.id.text()}}};
}

awaitable<Result<Response>> find(Backend& backend, const Request& request) {
  const auto id = conversation_in(request);
  if (!id) co_return id.error();
  const auto view = co_await service::find_conversation(backend, *request.caller, *id);
  if (!view) co_return view.error();
  co_return Response{.body = wire::encode_conversation(*view)};
}

awaitable<Result<Response>> list_ids(Backend& backend, const Request& request) {
  const auto wanted = wire::decode_list_conversation_ids(request.body);
  if (!wanted) co_return wanted.error();
  const auto page = co_await service::list_conversation_ids(backend, *request.caller, *wanted);
  if (!page) co_return page.error();
  co_return Response{.body = wire::encode_conversation_ids(*page)};
}

awaitable<Result<Response>> list(Backend& backend, const Request& request) {
  const auto ids = wire::decode_conversation_ids(request.body);
  if (!ids) co_return ids.error();
  const auto found = co_await service::list_conversations(backend, *request.caller, *ids);
  if (!found) co_return found.error();
  co_return Response{.body = wire::encode_conversations(*found)};
}

awaitable<Result<Response>> rename(Backend& backend, const Request& request) {
  const auto id = conversation_in(request);
  if (!id) co_return id.error();
  const auto name = wire::decode_name(request.body);
  if (!name) co_return name.error();
  co_return response_of(
      co_await service::rename_conversation(backend, *request.caller, *id, *name));
}

awaitable<Result<Response>> change_timer(Backend& backend, const Request& request) {
  const auto id = conversation_in(request);
  if (!id) co_return id.error();
  const auto timer_ms = wire::decode_message_timer(request.body);
  if (!timer_ms) co_return timer_ms.error();
  co_return response_of(
      co_await service::change_message_timer(backend, *request.caller, *id, *timer_ms));
}

awaitable<Result<Response>> change_receipts(Backend& backend, const Request& request) {
  const auto id = conversation_in(request);
  if (!id) co_return id.error();
  const auto mode = wire::decode_receipt_mode(request.body);
  if (!mode) co_return mode.error();
  co_return response_of(
      co_await service::change_receipt_mode(backend, *request.caller, *id, *mode));
}

awaitable<Result<Response>> add(Backend& backend, const Request& request) {
  const auto id = conversation_in(request);
  if (!id) co_return id.error();
  const auto wanted = wire::decode_new_members(request.body);
  if (!wanted) co_return wanted.error();
  co_return response_of(co_await service::add_members(backend, *request.caller, *id, *wanted));
}

awaitable<Result<Response>> remove(Backend& backend, const Request& request) {
  const auto id = conversation_in(request);
  if (!id) co_return id.error();
  const auto user = qualified_name<UserId>(request, 2);
  if (!user) co_return user.error();
  co_return response_of(co_await service::remove_member(backend, *request.caller, *id, *user));
}

awaitable<Result<Response>> change_role(Backend& backend, const Request& request) {
  const auto id = conversation_in(request);
  if (!id) co_return id.error();
  const auto user = qualified_name<UserId>(request, 2);
  if (!user) co_return user.error();
  const auto role = wire::decode_role(request.body);
  if (!role) co_return role.error();
  const auto changed = co_await service::change_role(backend, *request.caller, *id, *user, *role);
  if (!changed) co_return changed.error();
  co_return Response{};  // Clients expect no body here, whether or not there was a change.
}

awaitable<Result<Response>> change_own_state(Backend& backend, const Request& request) {
  const auto id = conversation_in(request);
  if (!id) co_return id.error();
  const auto wanted = wire::decode_own_state(request.body);
  if (!wanted) co_return wanted.error();
  const auto changed = co_await service::change_own_state(backend, *request.caller, *id, *wanted);
  if (!changed) co_return changed.error();
  co_return Response{};
}

awaitable<Result<Response>> tell_typing(Backend& backend, const Request& request) {
  const auto id = conversation_in(request);
  if (!id) co_return id.error();
  const auto typing = wire::decode_typing(request.body);
  if (!typing) co_return typing.error();
  const auto told = co_await service::tell_typing(backend, *request.caller, *id, *typing);
  if (!told) co_return told.error();
  co_return Response{};
}

}  // namespace

Routes conversation_routes(Backend& backend) {
  Routes routes;
  const auto add_route = [&](const char* method, const std::string& pattern, auto* handler) {
    routes.push_back({method, pattern, Access::token, [&backend, handler](const Request& request) {
                        return handler(backend, request);
                      }});
  };
  const std::string one = "/conversations/:domain/:conversation";
  const std::string member = one + "/members/:user_domain/:user";
  add_route("POST", "/conversations", create);
  add_route("POST", "/conversations/list-ids", list_ids);
  add_route("POST", "/conversations/list", list);
  add_route("GET", one, find);
  add_route("PUT", one + "/name", rename);
  add_route("PUT", one + "/message-timer", change_timer);
  add_route("PUT", one + "/receipt-mode", change_receipts);
  add_route("PUT", one + "/self", change_own_state);
  add_route("POST", one + "/members", add);
  add_route("DELETE", member, remove);
  add_route("PUT", member, change_role);
  add_route("POST", one + "/typing", tell_typing);
  return routes;
}

}  // namespace twostep::server
