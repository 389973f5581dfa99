#include "impl/store/push_tokens.hpp"

#include <nlohmann/json.hpp>

#include "impl/store/key.hpp"

namespace twostep::store {
namespace {

using nlohmann::json;

std::string key_of(const UserId& user, const PushToken& token) {
  return Key{Table::push_token}
      .add(user)
      .add(token.client)
      .add(std::string_view{token.transport})
      .add(std::string_view{token.app})
      .bytes();
}

PushToken token_from(std::string_view value) {
  const auto row = json::parse(value);
  return {.transport = row.at("transport").get<std::string>(),
          .app = row.at("app").get<std::string>(),
          .token = row.at("token").get<std::string>(),
          .client = {row.at("client").get<std::uint64_t>()},
          .registered_on = {row.at("registered_on").get<std::uint64_t>()}};
}

}  // namespace

std::vector<PushToken> push_tokens(const Reader& reader, const UserId& user) {
  const auto prefix = Key{Table::push_token}.add(user);
  std::vector<PushToken> tokens;
  reader.scan(prefix.bytes(), prefix.end(), [&](std::string_view, std::string_view value) {
    tokens.push_back(token_from(value));
    return true;
  });
  return tokens;
}

void put_push_token(Transaction& transaction, const UserId& user, const PushToken& token) {
  const json row{{"transport", token.transport},
                 {"app", token.app},
                 {"token", token.token},
                 {"client", token.client.value},
                 {"registered_on", token.registered_on.value}};
  transaction.put(key_of(user, token), row.dump());
}

std::size_t remove_push_token(Transaction& transaction, const UserId& user,
                              std::string_view token) {
  std::size_t removed = 0;
  for (const auto& held : push_tokens(transaction, user)) {
    if (held.token != token) continue;
    transaction.erase(key_of(user, held));
    ++removed;
  }
  return removed;
}

bool remove_dead_push_token(Transaction& transaction, const UserId& user, const PushToken& dead) {
  const auto key = key_of(user, dead);
  const auto value = transaction.get(key);
  if (!value || token_from(*value).token != dead.token) return false;
  transaction.erase(key);
  return true;
}

void remove_push_tokens(Transaction& transaction, const UserId& user, ClientId client) {
  for (const auto& held : push_tokens(transaction, user))
    if (held.client == client) transaction.erase(key_of(user, held));
}

}  // namespace twostep::store
