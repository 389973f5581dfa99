#include "impl/wire/gzip.hpp"

#include <zlib.h>

#include <array>
#include <climits>
#include <new>

#include "impl/core/limits.hpp"
#include "impl/wire/ascii.hpp"

namespace twostep::wire {
namespace {

// Reads either header by itself; 32 more than the largest window asks zlib to find out which.
constexpr int any_header = 32 + MAX_WBITS;

class Inflater {
 public:
  explicit Inflater(std::string_view compressed) {
    // zlib does not write to its input, but its older interface does not say so.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed.data()));
    stream_.avail_in = static_cast<uInt>(compressed.size());
    if (inflateInit2(&stream_, any_header) != Z_OK) throw std::bad_alloc{};
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // Appends what fits the buffer. Returns what zlib says.
  int step(std::string& out) {
    stream_.next_out = buffer_.data();
    stream_.avail_out = static_cast<uInt>(buffer_.size());
    const int code = inflate(&stream_, Z_NO_FLUSH);
    out.append(reinterpret_cast<const char*>(buffer_.data()), buffer_.size() - stream_.avail_out);
    return code;
  }

  bool consumed_everything() const { return stream_.avail_in == 0; }

 private:
  z_stream stream_{};
  std::array<Bytef, 32 * limits::kibibyte> buffer_;
};

Refusal not_gzip(std::string_view why) {
  return {Reason::bad_request, "compressed body: " + std::string{why}};
}

}  // namespace

Result<std::string> inflate_body(std::string_view compressed, std::size_t bytes_max) {
  if (compressed.size() > std::size_t{UINT_MAX}) return Refusal{Reason::payload_too_large};
  Inflater inflater{compressed};
  std::string out;
  for (;;) {
    const int code = inflater.step(out);
    if (out.size() > bytes_max) return Refusal{Reason::payload_too_large};
    if (code == Z_STREAM_END) break;
    if (code == Z_BUF_ERROR) return not_gzip("cut off");
    if (code != Z_OK) return not_gzip("damaged");
  }
  if (!inflater.consumed_everything()) return not_gzip("octets after its end");
  return out;
}

Result<std::string> decoded_body(std::string body, std::string_view encoding,
                                 std::size_t bytes_max) {
  if (body.empty() || encoding.empty() || equals_ignoring_case(encoding, "identity")) return body;
  if (equals_ignoring_case(encoding, "gzip") || equals_ignoring_case(encoding, "x-gzip") ||
      equals_ignoring_case(encoding, "deflate")) {
    return inflate_body(body, bytes_max);
  }
  return Refusal{Reason::unsupported_media_type, "an encoding other than gzip and deflate"};
}

}  // namespace twostep::wire
