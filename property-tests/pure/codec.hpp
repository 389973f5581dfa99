#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "impl/wire/json.hpp"

/// What holds of every body that one backend writes and another one reads, however different they are.
namespace twostep::properties {

/// One kind of body.
struct Codec {
  /// What somebody means to say, as the tree that it has to be on the wire, and as it is written.
  struct Said {
    wire::Json tree;
    std::string text;
  };

  /// Draws something to say.
  std::function<Said()> say;

  /// Reads it and writes it again; none if it is refused.
  std::function<std::optional<std::string>(const std::string&)> repeat;

  /// Members that have to be there (JSON pointers), if the object around them is.
  std::vector<std::string> needed;
};

/// Decodes an answer, which is JSON before it is anything else.
template <class Decode>
auto of_answer(const std::string& text, const Decode& decode) -> decltype(decode(wire::Json{})) {
  const auto json = wire::parse_value(text);
  if (!json) return json.error();
  return decode(*json);
}

/// What was read, written again.
template <class T, class Encode>
std::optional<std::string> again(const Result<T>& read, const Encode& encode) {
  return read ? std::optional<std::string>{encode(*read)} : std::nullopt;
}

template <class Id>
wire::Json name_tree(const Qualified<Id>& name) {
  return {{"id", name.id.text()}, {"domain", name.domain.text()}};
}

/// It is written as it has to be, comes back, with or without what nobody knows; without what it needs,
/// or with something else in its place, it is refused; and what is damaged is refused, or means the same
/// to whoever reads what was understood.
void expect_faithful(const Codec& codec);

/// One of these is not so: the codec is broken on purpose.
void expect_unfaithful(const Codec& codec);

}  // namespace twostep::properties
