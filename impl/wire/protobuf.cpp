#include "impl/wire/protobuf.hpp"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/wire_format_lite.h>

#include <climits>
#include <optional>
#include <string>

#include "impl/core/limits.hpp"

namespace twostep::wire {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

CodedInputStream stream_of(std::string_view octets) {
  return CodedInputStream{reinterpret_cast<const std::uint8_t*>(octets.data()),
                          static_cast<int>(octets.size())};
}

// Walks over a message without keeping any of it.
class FieldCounter {
 public:
  explicit FieldCounter(std::size_t fields_max) : left_{fields_max} {}

  std::optional<Refusal> count(CodedInputStream& in, const Descriptor* type) {
    while (const auto tag = in.ReadTag()) {
      if (left_-- == 0) return Refusal{Reason::payload_too_large, "too many fields"};
      const auto wire_type = WireFormatLite::GetTagWireType(tag);
      if (wire_type == WireFormatLite::WIRETYPE_START_GROUP) return malformed();
      const auto* field = type->FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
      const bool is_message =
          field && field->message_type() && wire_type == WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
      if (is_message) {
        if (auto refusal = count_inside(in, field->message_type())) return refusal;
      } else if (!WireFormatLite::SkipField(&in, tag)) {
        return malformed();
      }
    }
    if (!in.ConsumedEntireMessage()) return malformed();
    return std::nullopt;
  }

 private:
  static Refusal malformed() { return {Reason::bad_request, "not a protobuf message"}; }

  // Schemas nest as deep as they are written: only one that refers to itself needs another bound.
  std::optional<Refusal> count_inside(CodedInputStream& in, const Descriptor* type) {
    int length = 0;
    if (!in.ReadVarintSizeAsInt(&length)) return malformed();
    const auto outside = in.PushLimit(length);
    auto refusal = count(in, type);
    if (!refusal && in.BytesUntilLimit() != 0) refusal = malformed();
    in.PopLimit(outside);
    return refusal;
  }

  std::size_t left_;
};

}  // namespace

Result<void> read_protobuf(std::string_view octets, std::size_t fields_max,
                           google::protobuf::Message& message) {
  if (octets.size() > std::size_t{INT_MAX}) return Refusal{Reason::payload_too_large};
  // The library would write to the standard error whatever a stranger got wrong.
  const google::protobuf::LogSilencer silence;
  auto walk = stream_of(octets);
  if (auto refusal = FieldCounter{fields_max}.count(walk, message.GetDescriptor())) {
    return *std::move(refusal);
  }
  auto in = stream_of(octets);
  in.SetRecursionLimit(limits::protobuf_depth_max);
  // Partial, and then asked: so that what is missing is told apart from what does not decode.
  if (!message.ParsePartialFromCodedStream(&in) || !in.ConsumedEntireMessage()) {
    return Refusal{Reason::bad_request, "not a protobuf message"};
  }
  if (!message.IsInitialized()) return Refusal{Reason::bad_request, "a required field is missing"};
  return {};
}

}  // namespace twostep::wire
