#include "impl/store/connections.hpp"

#include <nlohmann/json.hpp>

#include "impl/store/key.hpp"
#include "impl/store/names_in_keys.hpp"

namespace twostep::store {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

Key side_key(const UserId& from) { return Key{Table::connection}.add(from); }

Key connection_key(const UserId& from, const QualifiedUser& to) {
  auto key = side_key(from);
  return add(key, to);
}

Relation status_in(const json& row) {
  return *relation_named(row.at("status").get_ref<const std::string&>());
}

Connection read_row(const UserId& from, QualifiedUser to, std::string_view value) {
  const auto row = json::parse(value);
  const auto& conversation = row.at("conversation");
  return {.from = from,
          .to = std::move(to),
          .status = status_in(row),
          .last_update = Instant{milliseconds{row.at("last_update_ms").get<std::int64_t>()}},
          .conversation = {*Domain::parse(conversation.at("domain").get<std::string>()),
                           *ConversationId::parse(conversation.at("id").get<std::string>())}};
}

bool accepted(const Reader& reader, const UserId& from, const QualifiedUser& to) {
  const auto value = reader.get(connection_key(from, to).bytes());
  return value && status_in(json::parse(*value)) == Relation::accepted;
}

}  // namespace

std::optional<Connection> find_connection(const Reader& reader, const UserId& from,
                                          const QualifiedUser& to) {
  const auto value = reader.get(connection_key(from, to).bytes());
  if (!value) return std::nullopt;
  return read_row(from, to, *value);
}

void put_connection(Transaction& transaction, const Connection& connection) {
  const auto since_epoch = connection.last_update.time_since_epoch();
  const json row{{"status", name_of(connection.status)},
                 {"last_update_ms", std::chrono::floor<milliseconds>(since_epoch).count()},
                 {"conversation",
                  {{"domain", connection.conversation.domain.text()},
                   {"id", connection.conversation.id.text()}}}};
  transaction.put(connection_key(connection.from, connection.to).bytes(), row.dump());
}

bool connected(const Reader& reader, const Domain& local, const UserId& user,
               const QualifiedUser& other) {
  if (!accepted(reader, user, other)) return false;
  return other.domain != local || accepted(reader, other.id, {local, user});
}

std::vector<Connection> connections_of(const Reader& reader, const UserId& from,
                                       const std::optional<QualifiedUser>& after,
                                       std::size_t size_max) {
  std::vector<Connection> found;
  const auto side = side_key(from);
  NamesInKeys<UserId> names{side};
  const auto begin = after ? connection_key(from, *after).end() : side.bytes();
  reader.scan(begin, side.end(), [&](std::string_view key, std::string_view value) {
    if (found.size() == size_max) return false;
    found.push_back(read_row(from, names.read(key), value));
    return true;
  });
  return found;
}

std::size_t count_wanted(const Reader& reader, const UserId& from, std::size_t count_max) {
  std::size_t count = 0;
  const auto side = side_key(from);
  reader.scan(side.bytes(), side.end(), [&](std::string_view, std::string_view value) {
    if (takes_part(status_in(json::parse(value)))) ++count;
    return count < count_max;
  });
  return count;
}

}  // namespace twostep::store
