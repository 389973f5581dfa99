#include "conformance/support/bytes.hpp"
#include "conformance/support/user.hpp"

namespace twostep::conformance {
namespace {

/// CBOR of a prekey bundle: {0: 1, 1: id, 2: {0: key}, 3: {0: {0: key}}, 4: null}. The keys are
/// random; no backend can check more than the shape (API §3.1).
std::string bundle(int id) {
  using namespace std::string_literals;
  const auto key = [] { return "\x58\x20"s + random_bytes(32); };
  std::string number;
  if (id < 24) {
    number = {static_cast<char>(id)};
  } else if (id < 256) {
    number = {'\x18', static_cast<char>(id)};
  } else {
    number = {'\x19', static_cast<char>(id >> 8), static_cast<char>(id & 0xff)};
  }
  return "\xa5\x00\x01\x01"s + number + "\x02\xa1\x00"s + key() + "\x03\xa1\x00\xa1\x00"s + key() +
         "\x04\xf6"s;
}

}  // namespace

Json prekey(int id) { return {{"id", id}, {"key", to_base64(bundle(id))}}; }

Json prekeys(int first, int count) {
  auto list = Json::array();
  for (int id = first; id < first + count; ++id) list.push_back(prekey(id));
  return list;
}

}  // namespace twostep::conformance
