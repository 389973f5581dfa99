// Octets and texts: what two libraries, or a library and a definition, say of the same input.
#include <openssl/evp.h>
#include <time.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <regex>

#include "impl/core/limits.hpp"
#include "impl/wire/base64.hpp"
#include "impl/wire/fields.hpp"
#include "impl/wire/gzip.hpp"
#include "impl/wire/json_text.hpp"
#include "impl/wire/time_text.hpp"
#include "impl/wire/utf8.hpp"
#include "property-tests/pure/generators.hpp"
#include "property-tests/pure/property.hpp"

namespace twostep::properties {
namespace {

using nlohmann::json;

// --- Base64, and OpenSSL -------------------------------------------------------------------

std::string openssl_base64(const std::string& octets) {
  std::string text((octets.size() + 2) / 3 * 4 + 1, '\0');
  const auto length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                      reinterpret_cast<const unsigned char*>(octets.data()),
                                      static_cast<int>(octets.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

// Lets wrong padding and superfluous bits through; what it makes of a text that has one form is right.
std::optional<std::string> openssl_octets(const std::string& text) {
  static const std::regex form{"([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"};
  if (!std::regex_match(text, form)) return std::nullopt;
  std::string octets(text.size() / 4 * 3, '\0');
  EVP_DecodeBlock(reinterpret_cast<unsigned char*>(octets.data()),
                  reinterpret_cast<const unsigned char*>(text.data()),
                  static_cast<int>(text.size()));
  octets.resize(octets.size() -
                static_cast<std::size_t>(std::count(text.begin(), text.end(), '=')));
  return openssl_base64(octets) == text ? std::optional{octets} : std::nullopt;
}

using FromBase64 = std::function<std::optional<std::string>(const std::string&)>;

Property base64_is_read_as_openssl_writes_it(const FromBase64& read) {
  return [read] {
    auto raw = *octets();
    if (raw.size() > 100) raw.resize(100);  // A regular expression is deep.
    auto text = openssl_base64(raw);
    if (*one_in(2)) {
      static const std::string digits{"ABCghi/+=019 \n-_"};
      if (text.empty()) text = "QQ==";
      text[text.size() - 1 - *below(4)] = digits[*below(digits.size())];
    }
    if (*one_in(3)) text = *damaged(text);
    if (*one_in(20)) text += '\n';
    const auto expected = openssl_octets(text);
    reached("read", expected.has_value());
    reached("refused", !expected);
    reached("one octet at the end", expected && text.ends_with("=="));
    reached("superfluous bits", !expected && text.size() % 4 == 0 && text.ends_with('=') &&
                                    text.find_first_of(" \n-_") == text.npos);
    RC_ASSERT(read(text) == expected);
  };
}

TEST(Texts, Base64IsWhatOpensslWrites) {
  expect_always(
      [] {
        const auto raw = *octets();
        reached("empty", raw.empty());
        reached("long", raw.size() > 1000);
        const auto text = wire::base64(raw);
        RC_ASSERT(text == openssl_base64(raw));
        RC_ASSERT(wire::from_base64(text) == raw);
        std::string appended = "before";
        wire::append_base64(appended, raw);
        RC_ASSERT(appended == "before" + text);
      },
      {"empty", "long"});
  expect_always(base64_is_read_as_openssl_writes_it(&wire::from_base64),
                {"read", "refused", "one octet at the end", "superfluous bits"});
}

TEST(Texts, AReaderOfBase64ThatLetsMoreThroughIsFound) {
  expect_refuted(base64_is_read_as_openssl_writes_it([](std::string text) {
    std::erase(text, '\n');
    return wire::from_base64(text);
  }));
  expect_refuted(base64_is_read_as_openssl_writes_it([](std::string text) {
    while (text.size() % 4 != 0) text += '=';
    return wire::from_base64(text);
  }));
  expect_refuted(base64_is_read_as_openssl_writes_it([](const std::string& text) {
    auto read = wire::from_base64(text);
    if (read && read->size() > 1) read->pop_back();
    return read;
  }));
}

// --- Compressed bodies, and zlib -----------------------------------------------------------

enum class Header { gzip, zlib, none };

std::string deflated(const std::string& body, Header header, int level) {
  constexpr std::array bits{16 + MAX_WBITS, MAX_WBITS, -MAX_WBITS};
  z_stream stream{};
  deflateInit2(&stream, level, Z_DEFLATED, bits[static_cast<std::size_t>(header)], 8,
               Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, body.size()), '\0');
  auto copy = body;
  stream.next_in = reinterpret_cast<Bytef*>(copy.data());
  stream.avail_in = static_cast<uInt>(copy.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

// In one step, into more room than any of these needs.
std::optional<std::string> inflated(std::string compressed) {
  z_stream stream{};
  inflateInit2(&stream, 32 + MAX_WBITS);
  std::string out(1 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(compressed.data());
  stream.avail_in = static_cast<uInt>(compressed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const bool whole = inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.avail_in == 0;
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return whole ? std::optional{out} : std::nullopt;
}

std::string any_body() {
  auto body = *octets();
  if (*one_in(3)) body = std::string(*below(70'000), body.empty() ? 'x' : body.front());
  return body;
}

TEST(Texts, ACompressedBodyIsWhatZlibCompressedUpToItsBound) {
  expect_always(
      [] {
        const auto body = any_body();
        const auto header = *one_in(2) ? Header::gzip : Header::zlib;
        const auto compressed = deflated(body, header, static_cast<int>(*below(10)));
        reached("longer than a buffer", body.size() > 32 * limits::kibibyte);
        reached("exactly a buffer or none", body.size() % (32 * limits::kibibyte) == 0);
        for (const auto bound : {body.size(), body.size() + 1 + *below(100'000)}) {
          const auto read = wire::inflate_body(compressed, bound);
          RC_ASSERT(read.has_value());
          RC_ASSERT(*read == body);
        }
        if (!body.empty()) {
          const auto beyond = wire::inflate_body(compressed, *below(body.size()));
          RC_ASSERT(!beyond.has_value());
          RC_ASSERT(beyond.error().reason == Reason::payload_too_large);
        }
        const auto cut =
            wire::inflate_body(compressed.substr(0, *below(compressed.size())), 1 << 20);
        RC_ASSERT(!cut.has_value());
        RC_ASSERT(cut.error().reason == Reason::bad_request);
        const auto more = wire::inflate_body(
            compressed + (*one_in(2) ? compressed : std::string(1, '\0')), 1 << 20);
        RC_ASSERT(more.has_value() == false);
        RC_ASSERT(!wire::inflate_body(deflated(body, Header::none, 6), 1 << 20).has_value());
      },
      {"longer than a buffer", "exactly a buffer or none"});
}

using Inflate = std::function<Result<std::string>(const std::string&)>;

Property what_is_damaged_is_inflated_as_by_zlib(const Inflate& inflate) {
  return [inflate] {
    auto body = any_body();
    const auto compressed = *damaged(
        deflated(body, *one_in(2) ? Header::gzip : Header::zlib, static_cast<int>(*below(10))));
    const auto expected = inflated(compressed);
    reached("harmless", expected.has_value());
    reached("damaged", !expected);
    const auto read = inflate(compressed);
    RC_ASSERT(read.has_value() == expected.has_value());
    if (read) {
      RC_ASSERT(*read == *expected);
    } else {
      RC_ASSERT(read.error().reason == Reason::bad_request);
    }
  };
}

TEST(Texts, ADamagedBodyIsRefusedUnlessZlibThinksOtherwise) {
  expect_always(what_is_damaged_is_inflated_as_by_zlib(
                    [](const std::string& octets) { return wire::inflate_body(octets, 1 << 20); }),
                {"harmless", "damaged"});
  expect_refuted(what_is_damaged_is_inflated_as_by_zlib([](const std::string& octets) {
    auto read = wire::inflate_body(octets, 1 << 20);
    return read ? read : Result<std::string>{octets};  // As it is, if it is not compressed.
  }));
}

TEST(Texts, AnEncodingIsKnownInAnyCaseOrRefused) {
  expect_always(
      [] {
        const auto body = *octets();
        static const std::vector<std::string> names{"gzip", "x-gzip", "deflate",   "identity",
                                                    "",     "br",     "gzip,gzip", "zip"};
        const auto which = *below(names.size());
        auto name = names[which];
        for (auto& c : name)
          if (*one_in(3)) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
        const bool compressed = which < 3;
        const bool plain = which == 3 || which == 4;
        const auto sent = compressed ? deflated(body, Header::gzip, 6) : body;
        const auto read = wire::decoded_body(sent, name, 1 << 20);
        reached("empty as another", body.empty() && !compressed && !plain);
        RC_ASSERT(read.has_value() == (compressed || plain || body.empty()));
        if (read) RC_ASSERT(*read == body);
        if (!read) RC_ASSERT(read.error().reason == Reason::unsupported_media_type);
        const auto nothing = wire::decoded_body("", name, 1 << 20);
        RC_ASSERT(nothing.has_value() && nothing->empty());
      },
      {"empty as another"});
}

// --- UTF-8, and the definition -------------------------------------------------------------

// The shortest form of a number is the only one (RFC 3629): decode carelessly, encode again, compare.
std::string encoded(std::uint32_t point) {
  const auto octet = [](std::uint32_t bits) { return static_cast<char>(bits); };
  const auto rest = [&](int shift) { return octet(0x80 | (point >> shift & 0x3f)); };
  if (point < 0x80) return {octet(point)};
  if (point < 0x800) return {octet(0xc0 | point >> 6), rest(0)};
  if (point < 0x10000) return {octet(0xe0 | point >> 12), rest(6), rest(0)};
  return {octet(0xf0 | point >> 18), rest(12), rest(6), rest(0)};
}

std::size_t first_character(const std::string& text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const std::size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (text.size() < size) return 0;
  std::uint32_t point = size == 1 ? first : first & (0xff >> (size + 1));
  for (std::size_t i = 1; i < size; ++i)
    point = point << 6 | (static_cast<unsigned char>(text[i]) & 0x3f);
  const bool is_character = point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
  return is_character && encoded(point) == text.substr(0, size) ? size : 0;
}

using Characters = std::function<std::optional<std::size_t>(const std::string&)>;

Property characters_are_those_of_the_rfc(const Characters& count) {
  return [count] {
    const auto given = *one_in(4) ? *text() : *nearly_utf8();
    std::optional<std::size_t> expected = 0;
    for (auto rest = given; !rest.empty() && expected;) {
      const auto size = first_character(rest);
      expected = size == 0 ? std::nullopt : std::optional{*expected + 1};
      rest.erase(0, size);
    }
    bool library = true;
    try {
      static_cast<void>(json(given).dump());
    } catch (const json::type_error&) {
      library = false;
    }
    RC_ASSERT(library == expected.has_value());
    reached("UTF-8 beyond ASCII", expected && *expected < given.size());
    reached("not UTF-8", !expected);
    RC_ASSERT(count(given) == expected);
    if (!given.empty()) RC_ASSERT(wire::utf8_character(given) == first_character(given));
  };
}

TEST(Texts, CharactersAreThoseOfTheRfc) {
  expect_always(characters_are_those_of_the_rfc(&wire::utf8_characters),
                {"UTF-8 beyond ASCII", "not UTF-8"});
  expect_refuted(characters_are_those_of_the_rfc([](const std::string& text) {
    return std::optional{static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }))};
  }));
}

TEST(Texts, EveryCodePointHasJustItsOwnForm) {
  for (std::uint32_t point = 0; point <= 0x110000; ++point) {
    const bool is_character = point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
    const auto text = encoded(point);
    ASSERT_EQ(wire::utf8_character(text), is_character ? text.size() : 0) << point;
    ASSERT_EQ(wire::utf8_character(text + "x"), is_character ? text.size() : 0) << point;
  }
}

// --- Strings in JSON -----------------------------------------------------------------------

using AppendString = std::function<void(std::string&, const std::string&)>;

Property json_strings_come_back(const AppendString& append) {
  return [append] {
    const auto given = *one_in(2) ? *text() : *nearly_utf8();
    std::string expected;
    for (auto rest = given; !rest.empty();) {
      const auto size = first_character(rest);
      expected += size == 0 ? "\ufffd" : rest.substr(0, size);
      rest.erase(0, std::max<std::size_t>(size, 1));
    }
    reached("as it is", expected == given && !given.empty());
    reached("mended", expected != given);
    reached("escaped", given.find_first_of("\"\\\n\x01\x1f") != given.npos);
    std::string written = "[";
    append(written, given);
    written += ']';
    const auto back = json::parse(written, nullptr, false);
    RC_ASSERT(back == json::array({expected}));
  };
}

TEST(Texts, AStringInJsonComesBackFromAnotherParser) {
  expect_always(json_strings_come_back(&wire::append_json_string),
                {"as it is", "mended", "escaped"});
}

TEST(Texts, WritersOfStringsThatForgetSomethingAreFound) {
  expect_refuted(json_strings_come_back(
      [](std::string& out, const std::string& text) { out += '"' + text + '"'; }));
  expect_refuted(json_strings_come_back([](std::string& out, const std::string& text) {
    auto copy = text;
    if (const auto at = copy.find('\x1f'); at != copy.npos) copy[at] = '\x0f';
    wire::append_json_string(out, copy);
  }));
  expect_refuted(json_strings_come_back([](std::string& out, const std::string& text) {
    wire::append_json_string(out, text.c_str());
    if (text.ends_with("\xc2")) out.replace(out.size() - 4, 3, "?");
  }));
}

TEST(Texts, AQualifiedIdIsWhatItsTreeIs) {
  expect_always([] {
    const QualifiedUser name{*domain(), *user()};
    std::string written;
    wire::append_qualified_id(written, name.domain, name.id);
    const json expected{{"id", name.id.text()}, {"domain", name.domain.text()}};
    RC_ASSERT(json::parse(written) == expected);
    RC_ASSERT(wire::qualified_id(name) == expected);
    const auto back = wire::read::qualified_user(expected);
    RC_ASSERT(back.has_value());
    RC_ASSERT(*back == name);
  });
}

}  // namespace
}  // namespace twostep::properties
