#include "impl/store/cookies.hpp"

#include <nlohmann/json.hpp>

#include "impl/store/key.hpp"

namespace twostep::store {
namespace {

using nlohmann::json;

std::string cookie_key(const UserId& user, std::uint64_t number) {
  return Key{Table::cookie}.add(user).add(number).bytes();
}

std::chrono::sys_seconds moment(const json& seconds) {
  return std::chrono::sys_seconds{std::chrono::seconds{seconds.get<std::int64_t>()}};
}

Cookie cookie_from(std::string_view value) {
  const auto row = json::parse(value);
  Cookie cookie{.number = row.at("number").get<std::uint64_t>(),
                .persistent = row.at("persistent").get<bool>(),
                .issued = moment(row.at("issued")),
                .expires = moment(row.at("expires")),
                .label = {}};
  if (const auto label = row.find("label"); label != row.end())
    cookie.label = label->get<std::string>();
  return cookie;
}

}  // namespace

std::optional<Cookie> find_cookie(const Reader& reader, const UserId& user, std::uint64_t number) {
  const auto value = reader.get(cookie_key(user, number));
  return value ? std::optional{cookie_from(*value)} : std::nullopt;
}

std::vector<Cookie> cookies(const Reader& reader, const UserId& user) {
  const auto prefix = Key{Table::cookie}.add(user);
  std::vector<Cookie> found;
  reader.scan(prefix.bytes(), prefix.end(), [&](std::string_view, std::string_view value) {
    found.push_back(cookie_from(value));
    return true;
  });
  return found;
}

void put_cookie(Transaction& transaction, const UserId& user, const Cookie& cookie) {
  json row{{"number", cookie.number},
           {"persistent", cookie.persistent},
           {"issued", cookie.issued.time_since_epoch().count()},
           {"expires", cookie.expires.time_since_epoch().count()}};
  if (cookie.label) row["label"] = *cookie.label;
  transaction.put(cookie_key(user, cookie.number), row.dump());
}

void erase_cookie(Transaction& transaction, const UserId& user, std::uint64_t number) {
  transaction.erase(cookie_key(user, number));
}

void erase_cookies_labelled(Transaction& transaction, const UserId& user, std::string_view label) {
  for (const auto& cookie : cookies(transaction, user))
    if (cookie.label == label) erase_cookie(transaction, user, cookie.number);
}

}  // namespace twostep::store
