#include "impl/wire/gzip.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <zlib.h>

namespace twostep::wire {
namespace {

constexpr std::size_t bound = 1 << 20;
constexpr int gzip_header = 16 + MAX_WBITS;
constexpr int zlib_header = MAX_WBITS;

std::string deflated(std::string_view text, int header) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, header, 9, Z_DEFAULT_STRATEGY), Z_OK);
  std::string in{text};
  std::string out(deflateBound(&stream, in.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string gzip(std::string_view text) { return deflated(text, gzip_header); }

Reason reason_of(const Result<std::string>& result) {
  EXPECT_FALSE(result);
  return result ? Reason::internal : result.error().reason;
}

RC_GTEST_PROP(Gzip, AnyBodyComesBack, (const std::string& text)) {
  RC_ASSERT(*inflate_body(gzip(text), bound) == text);
  RC_ASSERT(*inflate_body(deflated(text, zlib_header), bound) == text);
}

TEST(Gzip, ALargeBodyComesBack) {
  std::string text;
  while (text.size() < 300'000) text += std::to_string(text.size() * 2654435761u);
  EXPECT_EQ(*inflate_body(gzip(text), bound), text);
}

TEST(Gzip, TheBoundIsOnWhatComesOut) {
  EXPECT_TRUE(inflate_body(gzip(std::string(bound, '0')), bound));
  EXPECT_EQ(reason_of(inflate_body(gzip(std::string(bound + 1, '0')), bound)),
            Reason::payload_too_large);
}

TEST(Gzip, ABombIsTooLargeNotTooMuch) {
  // 64 MiB in 64 KiB. It is refused at the bound, before the damage at its end is ever seen.
  auto bomb = gzip(std::string(64 << 20, '\0'));
  bomb.back() ^= 1;
  EXPECT_EQ(reason_of(inflate_body(bomb, bound)), Reason::payload_too_large);
}

TEST(Gzip, AnythingElseIsABadRequest) {
  const auto good = gzip("hello");
  auto wrong_sum = good;
  wrong_sum[good.size() - 5] ^= 1;
  for (const auto& body : {std::string{}, std::string{"hello"}, std::string{"\x1f\x8b"}, wrong_sum,
                           good + "x", good + good, good + std::string(1, '\0')}) {
    EXPECT_EQ(reason_of(inflate_body(body, bound)), Reason::bad_request);
  }
}

TEST(Gzip, EveryTruncationIsRefusedAndEveryChangedOctetReadOrRefused) {
  const auto good = gzip(R"({"name":"alice","email":"alice@a.example","password":"password"})");
  for (std::size_t i = 0; i < good.size(); ++i) {
    EXPECT_EQ(reason_of(inflate_body(good.substr(0, i), bound)), Reason::bad_request);
    for (int octet = 0; octet < 256; ++octet) {
      auto changed = good;
      changed[i] = static_cast<char>(octet);
      const auto read = inflate_body(changed, bound);
      EXPECT_TRUE(read || read.error().reason == Reason::bad_request);
    }
  }
}

TEST(DecodedBody, IsWhatItsEncodingSays) {
  EXPECT_EQ(*decoded_body("plain", "", bound), "plain");
  EXPECT_EQ(*decoded_body("plain", "identity", bound), "plain");
  EXPECT_EQ(*decoded_body(gzip("plain"), "GZIP", bound), "plain");
  EXPECT_EQ(*decoded_body(deflated("plain", zlib_header), "deflate", bound), "plain");
  EXPECT_EQ(*decoded_body("", "gzip", bound), "");
  for (const auto* encoding : {"br", "gzip, gzip", "compress"}) {
    EXPECT_EQ(reason_of(decoded_body("plain", encoding, bound)), Reason::unsupported_media_type);
  }
}

}  // namespace
}  // namespace twostep::wire
