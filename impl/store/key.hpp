#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "impl/core/ids.hpp"

/// Keys of the ordered map: which table a row belongs to, and where in it.
///
/// Shape      One letter for the table, then parts that keep the order of what they encode: ids as
/// their
///            octets, numbers big endian, text closed by a zero octet (no text of ours holds one).
/// Source     docs/ARCHITECTURE.md, "Rows".
namespace twostep::store {

/// Every table there is. The letters are on disk: they do not change.
enum class Table : char {
  account = 'a',           ///< user -> profile and password hash
  account_by_email = 'e',  ///< e-mail address -> user
  account_by_handle = 'h',
  cookie = 'k',        ///< user, cookie -> what it allows
  client = 'c',        ///< user, client -> device
  prekey = 'p',        ///< user, client, number -> key
  push_token = 't',    ///< user, client, transport, app -> token
  connection = 'r',    ///< user, domain, other user -> state
  conversation = 'v',  ///< domain, conversation -> name, access, …
  member = 'm',        ///< domain, conversation, domain, user -> role
  membership = 'w',    ///< user, domain, conversation -> own state
  inbox_head = 'i',    ///< user -> last id ever given
  notification = 'n',  ///< user, id -> event
  backend = 's',       ///< name -> schema version, keys
};

class Key {
 public:
  explicit Key(Table table) : bytes_{static_cast<char>(table)} {}

  Key& add(const Uuid& id) { return raw(id.bytes()); }
  Key& add(ClientId client) { return add(client.value); }
  Key& add(const Domain& domain) { return add(std::string_view{domain.text()}); }
  Key& add(std::string_view text) {
    bytes_ += text;
    bytes_ += '\0';
    return *this;
  }
  Key& add(std::uint64_t number) {
    for (int shift = 56; shift >= 0; shift -= 8)
      bytes_ += static_cast<char>(number >> shift & 0xff);
    return *this;
  }
  /// Octets that keep their own order, such as `TimeUuid::sort_key()`.
  Key& raw(std::string_view octets) {
    bytes_ += octets;
    return *this;
  }

  const std::string& bytes() const { return bytes_; }

  /// The first key that does not begin with this one: with `bytes()` it bounds a scan.
  std::string end() const {
    std::string bound = bytes_;
    while (!bound.empty() && static_cast<unsigned char>(bound.back()) == 0xff) bound.pop_back();
    if (!bound.empty())
      bound.back() = static_cast<char>(static_cast<unsigned char>(bound.back()) + 1);
    return bound;  // Never empty: a table's letter is not 0xff.
  }

 private:
  std::string bytes_;
};

}  // namespace twostep::store
