#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "model/explore/engine/codec.hpp"
#include "model/explore/engine/limits.hpp"

/// The states of one depth, encoded, in blocks that threads take one by one.
///
/// Threads    A block belongs to one thread at a time.
namespace twostep::model::explore {

/// Encoded states one after another, each behind its length; read from the front, once.
class Block {
 public:
  bool has_room_for(std::string_view state) const {
    return bytes_.empty() || bytes_.size() + sizeof(Length) + state.size() <= limits::block_bytes;
  }

  void put(std::string_view state) {
    if (bytes_.empty()) bytes_.reserve(limits::block_bytes);
    encode(static_cast<Length>(state.size()), bytes_);
    bytes_.append(state);
  }

  bool empty() const { return read_ == bytes_.size(); }

  /// Valid as long as the block.
  std::string_view take() {
    std::string_view rest{bytes_};
    rest.remove_prefix(read_);
    const auto length = decode<Length>(rest);
    read_ += sizeof(Length) + length;
    return rest.substr(0, length);
  }

  std::size_t held_bytes() const { return bytes_.capacity(); }

 private:
  using Length = std::uint32_t;

  Bytes bytes_;
  std::size_t read_ = 0;
};

}  // namespace twostep::model::explore
