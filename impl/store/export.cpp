#include "impl/store/export.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include "impl/core/ids.hpp"
#include "impl/core/time_uuid.hpp"
#include "impl/store/inbox.hpp"
#include "impl/store/key.hpp"

namespace twostep::store {
namespace {

using Json = nlohmann::ordered_json;

enum class Kind { uuid, client, number, text, time_uuid };

struct Part {
  const char* name = nullptr;
  Kind kind = Kind::text;
};

struct TableShape {
  Table table;
  const char* name;
  std::array<Part, 4> parts;  ///< Unnamed ones are not there.
};

constexpr Part user{"user", Kind::uuid};
constexpr Part client{"client", Kind::client};
constexpr Part conversation{"conversation", Kind::uuid};

constexpr std::array<TableShape, 14> table_shapes{{
    {Table::account, "account", {user}},
    {Table::account_by_email, "account_by_email", {Part{"email"}}},
    {Table::account_by_handle, "account_by_handle", {Part{"handle"}}},
    {Table::cookie, "cookie", {user, Part{"number", Kind::number}}},
    {Table::client, "client", {user, client}},
    {Table::prekey, "prekey", {user, client, Part{"number", Kind::number}}},
    {Table::push_token, "push_token", {user, client, Part{"transport"}, Part{"app"}}},
    {Table::connection, "connection", {user, Part{"domain"}, Part{"other", Kind::uuid}}},
    {Table::conversation, "conversation", {Part{"domain"}, conversation}},
    {Table::member, "member", {Part{"domain"}, conversation, Part{"member_domain"}, user}},
    {Table::membership, "membership", {user, Part{"domain"}, conversation}},
    {Table::inbox_head, "inbox_head", {user}},
    {Table::notification, "notification", {user, Part{"id", Kind::time_uuid}}},
    {Table::backend, "backend", {Part{"name"}}},
}};

const TableShape* shape_of(std::string_view key) {
  for (const auto& shape : table_shapes) {
    if (!key.empty() && key.front() == static_cast<char>(shape.table)) return &shape;
  }
  return nullptr;
}

std::string hex(std::string_view octets) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char octet : octets) {
    text += digits[static_cast<unsigned char>(octet) >> 4];
    text += digits[static_cast<unsigned char>(octet) & 0x0f];
  }
  return text;
}

/// Takes `count` octets off the front; none if there are fewer.
std::optional<std::string_view> take(std::string_view& octets, std::size_t count) {
  if (octets.size() < count) return std::nullopt;
  const auto front = octets.substr(0, count);
  octets.remove_prefix(count);
  return front;
}

std::optional<Json> take_part(std::string_view& octets, Kind kind) {
  switch (kind) {
    case Kind::uuid: {
      const auto uuid = Uuid::from_bytes(take(octets, Uuid::size_bytes).value_or(""));
      return uuid ? std::optional<Json>{uuid->text()} : std::nullopt;
    }
    case Kind::client:
    case Kind::number: {
      const auto number = take(octets, sizeof(std::uint64_t));
      if (!number) return std::nullopt;
      std::uint64_t value = 0;
      for (const char octet : *number) value = value << 8 | static_cast<unsigned char>(octet);
      return kind == Kind::client ? Json(ClientId{value}.text()) : Json(value);
    }
    case Kind::text: {
      const auto end = octets.find('\0');
      if (end == std::string_view::npos) return std::nullopt;
      const auto text = *take(octets, end);
      octets.remove_prefix(1);
      return Json(std::string{text});
    }
    case Kind::time_uuid: {
      const auto id = TimeUuid::from_sort_key(take(octets, octets.size()).value_or(""));
      return id ? std::optional<Json>{id->text()} : std::nullopt;
    }
  }
  return std::nullopt;
}

/// The key's parts by name; none if it has another shape.
std::optional<Json> key_of(const TableShape& shape, std::string_view key) {
  key.remove_prefix(1);
  Json parts = Json::object();
  for (const auto& part : shape.parts) {
    if (part.name == nullptr) break;
    auto value = take_part(key, part.kind);
    if (!value) return std::nullopt;
    parts[part.name] = std::move(*value);
  }
  return key.empty() ? std::optional{std::move(parts)} : std::nullopt;
}

Json json_or_hex(std::string_view value) {
  auto parsed = Json::parse(value, nullptr, false);
  return parsed.is_discarded() ? Json{{"hex", hex(value)}} : parsed;
}

Json notification_value(std::string_view key, std::string_view value) {
  const auto notification = notification_at(key, value);
  Json targets = Json::array();
  for (const auto target : notification.clients()) targets.push_back(target.text());
  return {{"origin", notification.origin.value},
          {"targets", std::move(targets)},
          {"event", json_or_hex(notification.event)}};
}

Json value_of(const TableShape& shape, std::string_view key, std::string_view value) {
  switch (shape.table) {
    case Table::account_by_email:
    case Table::account_by_handle:
      return take_part(value, Kind::uuid).value_or(Json());
    case Table::inbox_head:
      return take_part(value, Kind::time_uuid).value_or(Json());
    case Table::notification:
      return notification_value(key, value);
    case Table::account:
    case Table::cookie:
    case Table::client:
    case Table::prekey:
    case Table::push_token:
    case Table::connection:
    case Table::conversation:
    case Table::member:
    case Table::membership:
    case Table::backend:
      return json_or_hex(value);
  }
  return {};
}

bool is_secret(const TableShape& shape, const Json& key) {
  const bool is_key = shape.table == Table::backend && key != Json{{"name", "schema"}};
  return is_key || shape.table == Table::cookie;
}

}  // namespace

void export_rows(const Reader& reader, Secrets secrets, std::ostream& out) {
  const auto write = [&](std::string_view key, std::string_view value) {
    const auto* shape = shape_of(key);
    const auto parts = shape ? key_of(*shape, key) : std::nullopt;
    Json row;
    if (!parts) {
      row = {{"key", {{"hex", hex(key)}}}, {"value", {{"hex", hex(value)}}}};
    } else {
      row = {{"table", shape->name}, {"key", *parts}, {"value", value_of(*shape, key, value)}};
    }
    if (secrets == Secrets::left_out) {
      if (!parts || is_secret(*shape, *parts)) return true;
      if (shape->table == Table::account) row["value"].erase("password_hash");
    }
    // Text that is not UTF-8 must not end an export.
    out << row.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
    return out.good();
  };
  reader.scan("", "\xff", write);
}

}  // namespace twostep::store
