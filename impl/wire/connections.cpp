#include "impl/wire/connections.hpp"

#include "impl/wire/fields.hpp"
#include "impl/wire/json_text.hpp"
#include "impl/wire/paging.hpp"

namespace twostep::wire {
namespace {

struct RelationName {
  Result<Relation> operator()(const Json& value) const {
    if (const auto* text = value.get_ptr<const std::string*>()) {
      if (const auto relation = relation_named(*text)) return *relation;
    }
    return Refusal{Reason::bad_request, "not the state of a connection"};
  }
};

Json json_of(const Connection& connection) {
  return {{"from", connection.from.text()},
          {"to", connection.to.id.text()},
          {"qualified_to", qualified_id(connection.to)},
          {"status", name_of(connection.status)},
          {"last_update", millisecond_time(connection.last_update)},
          {"conversation", connection.conversation.id.text()},
          {"qualified_conversation", qualified_id(connection.conversation)}};
}

}  // namespace

Result<Relation> decode_relation(std::string_view body) {
  const auto json = parse_object(body);
  if (!json) return json.error();
  Fields fields{*json};
  return fields.done(fields.required("status", RelationName{}));
}

Result<ListConnections> decode_list_connections(std::string_view body) {
  const auto json = parse_object_or_nothing(body);
  if (!json) return json.error();
  Fields fields{*json};
  ListConnections list;
  const auto size = fields.optional("size", read::Integer{1, limits::connections_page_max});
  if (size) list.size = static_cast<std::size_t>(*size);
  list.after = fields.optional("paging_state", read::PagingState<UserId>{}).value_or(std::nullopt);
  return fields.done(std::move(list));
}

std::string encode_connection(const Connection& connection) { return text_of(json_of(connection)); }

std::string encode_connections(const ConnectionPage& page) {
  auto connections = Json::array();
  std::optional<QualifiedUser> last;
  for (const auto& connection : page.connections) {
    connections.push_back(json_of(connection));
    last = connection.to;
  }
  return text_of({{"connections", std::move(connections)},
                  {"has_more", page.has_more},
                  {"paging_state", paging_state(last)}});
}

std::string connection_event(const Connection& connection, const std::optional<std::string>& name) {
  Json event{{"type", "user.connection"}, {"connection", json_of(connection)}};
  if (name) event["user"] = {{"name", *name}};
  return text_of(event);
}

}  // namespace twostep::wire
