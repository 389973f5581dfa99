#include "impl/service/tokens.hpp"

#include <sodium.h>

#include <charconv>
#include <cstring>

#include "impl/service/change.hpp"
#include "impl/store/key.hpp"

namespace twostep::service {
namespace {

constexpr std::size_t hash_bytes = 32;
constexpr std::size_t hash_chars = 2 * hash_bytes;
static_assert(hash_bytes >= crypto_generichash_BYTES_MIN &&
              hash_bytes <= crypto_generichash_BYTES_MAX);

std::string hexadecimal(std::uint64_t number) { return ClientId{number}.text(); }

std::optional<std::uint64_t> number_from(std::string_view hex) {
  const auto id = ClientId::parse(hex);
  return id ? std::optional{id->value} : std::nullopt;
}

std::string heading(Expiry expires, std::string_view kind, const UserId& user) {
  std::string text = ".v=1.k=1.d=";
  text += std::to_string(expires.time_since_epoch().count());
  text += ".t=";
  text += kind;
  text += ".l=.u=";
  text += user.text();
  return text;
}

/// What follows `.<name>=` up to the next dot. Only asked of texts that this backend wrote, in
/// which no value holds a dot.
std::optional<std::string_view> field(std::string_view text, char name) {
  const char marker[] = {'.', name, '='};
  const auto at = text.find(std::string_view{marker, sizeof marker});
  if (at == std::string_view::npos) return std::nullopt;
  const auto value = text.substr(at + sizeof marker);
  return value.substr(0, value.find('.'));
}

std::optional<Expiry> expiry_in(std::string_view text) {
  const auto digits = field(text, 'd');
  if (!digits) return std::nullopt;
  std::int64_t seconds = 0;
  const auto [end, error] =
      std::from_chars(digits->data(), digits->data() + digits->size(), seconds);
  if (error != std::errc{} || end != digits->data() + digits->size()) return std::nullopt;
  return Expiry{std::chrono::seconds{seconds}};
}

std::optional<UserId> user_in(std::string_view text) {
  const auto user = field(text, 'u');
  return user ? UserId::parse(*user) : std::nullopt;
}

std::optional<std::uint64_t> number_in(std::string_view text, char name) {
  const auto digits = field(text, name);
  return digits ? number_from(*digits) : std::nullopt;
}

}  // namespace

std::string TokenKeys::sealed(std::string_view text) const {
  std::array<unsigned char, hash_bytes> hash;
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(text.data()),
                     text.size(), key_.data(), key_.size());
  std::string token(hash_chars + 1, '\0');  // sodium writes a closing zero.
  sodium_bin2hex(token.data(), token.size(), hash.data(), hash.size());
  token.resize(hash_chars);
  token += text;
  return token;
}

std::optional<std::string_view> TokenKeys::opened(std::string_view token) const {
  if (token.size() <= hash_chars) return std::nullopt;
  const auto text = token.substr(hash_chars);
  // Texts are compared, not octets: a second spelling of the same hash is a forgery too.
  const auto expected = sealed(text);
  if (sodium_memcmp(expected.data(), token.data(), hash_chars) != 0) return std::nullopt;
  return text;
}

std::string TokenKeys::make_access_token(const Caller& caller, Expiry expires) const {
  auto text = heading(expires, "a", caller.user);
  text += ".i=";
  if (caller.client) text += caller.client->text();
  text += ".c=";
  text += hexadecimal(caller.connection.value);
  return sealed(text);
}

std::optional<AccessToken> TokenKeys::read_access_token(std::string_view token) const {
  const auto text = opened(token);
  if (!text || field(*text, 't') != "a") return std::nullopt;
  const auto expires = expiry_in(*text);
  const auto user = user_in(*text);
  const auto client = field(*text, 'i');
  const auto connection = number_in(*text, 'c');
  if (!expires || !user || !client || !connection) return std::nullopt;
  return AccessToken{{*user, {*connection}, ClientId::parse(*client)}, *expires};
}

std::optional<Caller> TokenKeys::check_access_token(std::string_view token, Instant now) const {
  const auto read = read_access_token(token);
  if (!read || now >= read->expires) return std::nullopt;
  return read->caller;
}

std::string TokenKeys::make_cookie(const CookieToken& cookie) const {
  auto text = heading(cookie.expires, "u", cookie.user);
  text += ".i=";
  if (cookie.client) text += cookie.client->text();
  text += ".r=";
  text += hexadecimal(cookie.number);
  return sealed(text);
}

std::optional<CookieToken> TokenKeys::read_cookie(std::string_view value) const {
  const auto text = opened(value);
  if (!text || field(*text, 't') != "u") return std::nullopt;
  const auto expires = expiry_in(*text);
  const auto user = user_in(*text);
  const auto client = field(*text, 'i');
  const auto number = number_in(*text, 'r');
  if (!expires || !user || !client || !number) return std::nullopt;
  return CookieToken{*user, *number, ClientId::parse(*client), *expires};
}

boost::asio::awaitable<Result<TokenKeys>> load_token_keys(Backend& backend) {
  TokenKeys::Key fresh{};
  backend.entropy.fill(fresh);
  co_return co_await change(backend, [&](store::Transaction& rows, Events&) -> Result<TokenKeys> {
    const auto name = store::Key{store::Table::backend}.add(std::string_view{"token-key"}).bytes();
    auto key = fresh;
    if (const auto kept = rows.get(name)) {
      if (kept->size() != key.size()) return Refusal{Reason::internal, "the token key is damaged"};
      std::memcpy(key.data(), kept->data(), key.size());
    } else {
      rows.put(name, {reinterpret_cast<const char*>(key.data()), key.size()});
    }
    return TokenKeys{key};
  });
}

}  // namespace twostep::service
