#pragma once

#include <google/protobuf/message.h>

#include <cstddef>
#include <string_view>

#include "impl/core/result.hpp"

/// Reading protobuf from people we do not know. Private to this folder's sources: no header that
/// others include shows protobuf.
///
/// Errors     `bad_request` for what does not decode, is nested beyond
/// `limits::protobuf_depth_max`,
///            has a group, or lacks a required field; `payload_too_large` beyond `fields_max`.
/// Threads    A pure function of its arguments.
namespace twostep::wire {

/// Reads `octets` into `message`. The fields are counted before anything is allocated for them.
Result<void> read_protobuf(std::string_view octets, std::size_t fields_max,
                           google::protobuf::Message& message);

}  // namespace twostep::wire
