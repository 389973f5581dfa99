#include "model/serve/gzip.hpp"

#include <zlib.h>

#include <array>
#include <memory>

#include "model/serve/http.hpp"

namespace twostep::model::serve {

std::string gunzip(const std::string& compressed, std::size_t bytes_max) {
  constexpr int gzip_only = 16 + MAX_WBITS;
  z_stream stream{};
  if (inflateInit2(&stream, gzip_only) != Z_OK)
    refuse(500, "server-error", "No memory to decompress");
  const std::unique_ptr<z_stream, int (*)(z_streamp)> ends{&stream, inflateEnd};
  // zlib promises not to write to its input, but does not say so in the type.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed.data()));
  stream.avail_in = static_cast<uInt>(compressed.size());

  std::string plain;
  std::array<char, 64 * 1024> piece;
  for (int state = Z_OK; state != Z_STREAM_END;) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    state = inflate(&stream, Z_NO_FLUSH);
    if (state != Z_OK && state != Z_STREAM_END) bad_request("The body is not gzip");
    plain.append(piece.data(), piece.size() - stream.avail_out);
    if (plain.size() > bytes_max) refuse(413, "payload-too-large", "The body is too large");
    if (state == Z_OK && stream.avail_in == 0 && stream.avail_out > 0)
      bad_request("The body is cut off");
  }
  if (stream.avail_in != 0) bad_request("Octets after the end of the body");
  return plain;
}

}  // namespace twostep::model::serve
