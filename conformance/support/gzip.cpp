#include "conformance/support/gzip.hpp"

#include <zlib.h>

#include <vector>

#include "conformance/support/outcome.hpp"

namespace twostep::conformance {
namespace {

class Deflater {
 public:
  Deflater() {
    constexpr int gzip_window_bits = 15 + 16;
    if (deflateInit2(&stream_, Z_BEST_COMPRESSION, Z_DEFLATED, gzip_window_bits, 8,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
      throw SetupFailed("zlib cannot begin");
    }
  }
  ~Deflater() { deflateEnd(&stream_); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  void add(std::string_view bytes, bool last) {
    std::vector<Bytef> input(bytes.begin(), bytes.end());
    stream_.next_in = input.data();
    stream_.avail_in = static_cast<uInt>(input.size());
    do {
      Bytef chunk[4096];
      stream_.next_out = chunk;
      stream_.avail_out = sizeof chunk;
      deflate(&stream_, last ? Z_FINISH : Z_NO_FLUSH);
      out_.append(chunk, chunk + (sizeof chunk - stream_.avail_out));
    } while (stream_.avail_out == 0);
  }

  const std::string& out() const { return out_; }

 private:
  z_stream stream_{};
  std::string out_;
};

}  // namespace

std::string gzip(std::string_view bytes) {
  Deflater deflater;
  deflater.add(bytes, true);
  return deflater.out();
}

std::string gzip_of_zeros(std::size_t mebibytes) {
  const std::string zeros(1024 * 1024, '\0');
  Deflater deflater;
  for (; mebibytes > 1; --mebibytes) deflater.add(zeros, false);
  deflater.add(zeros, true);
  return deflater.out();
}

}  // namespace twostep::conformance
