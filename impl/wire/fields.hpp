#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "impl/core/ids.hpp"
#include "impl/core/result.hpp"
#include "impl/wire/json.hpp"

/// Reading the members of a JSON object into a value.
///
/// A *reader* turns one JSON value into a T: it is anything that can be called as
/// `Result<T>(const Json&)`. `Fields` applies readers to the members of an object and remembers the
/// first that refused, so that a decoder reads like the value it makes:
///
///     Result<Login> decode_login(std::string_view body) {
///       const auto json = parse_object(body);
///       if (!json) return json.error();
///       Fields fields{*json};
///       Login login{.email = fields.required("email", read::Text{1, limits::email_bytes_max}),
///                   .label = fields.optional("label", read::Text{0, limits::label_chars_max})};
///       return fields.done(std::move(login));
///     }
///
/// Shape      Members that nobody asks for are ignored. `null` is the same as absent.
/// Units      Text is measured in characters (code points).
/// Errors     `bad_request`, with the path of the member that is wrong.
/// Threads    A `Fields` belongs to one decoder; readers are plain values.
/// Source     specs/07-wire.md (WIR).
namespace twostep::wire {

namespace read {

/// Text of a length within bounds, both inclusive. U+0000 is refused: no name needs it, and the
/// keys of the store end with it.
struct Text {
  std::size_t chars_min = 0;
  std::size_t chars_max = 0;

  Result<std::string> operator()(const Json& value) const;
};

/// A whole number within bounds, both inclusive. 1.0 and "1" are none.
struct Integer {
  std::int64_t min = 0;
  std::int64_t max = 0;

  Result<std::int64_t> operator()(const Json& value) const;
};

struct Boolean {
  Result<bool> operator()(const Json& value) const;
};
inline constexpr Boolean boolean;

/// Any value, as it is.
struct Anything {
  Result<Json> operator()(const Json& value) const { return value; }
};
inline constexpr Anything anything;

/// A name in its text form: as a JSON string, or as a key, a path segment, a query parameter.
template <class T>
struct Name {
  Result<T> operator()(std::string_view text) const {
    if (auto name = T::parse(text)) return *std::move(name);
    return Refusal{Reason::bad_request, what()};
  }
  Result<T> operator()(const Json& value) const {
    if (const auto* text = value.template get_ptr<const std::string*>()) {
      return (*this)(std::string_view{*text});
    }
    return Refusal{Reason::bad_request, what()};
  }

 private:
  static constexpr const char* what() {
    if constexpr (std::is_same_v<T, Domain>) return "not a domain";
    if constexpr (std::is_same_v<T, ClientId>) return "not a client id";
    return "not a UUID";
  }
};
inline constexpr Name<UserId> user_id;
inline constexpr Name<ConversationId> conversation_id;
inline constexpr Name<ClientId> client_id;
inline constexpr Name<Domain> domain;

/// `{"id":"<uuid>","domain":"<domain>"}`
template <class Id>
struct QualifiedName {
  Result<Qualified<Id>> operator()(const Json& value) const;
};
inline constexpr QualifiedName<UserId> qualified_user;
inline constexpr QualifiedName<ConversationId> qualified_conversation;

/// An array of at most `count_max` elements.
template <class Read>
struct List {
  Read element;
  std::size_t count_max = 0;
  std::size_t count_min = 0;

  auto operator()(const Json& value) const;
};
template <class Read>
List(Read, std::size_t) -> List<Read>;
template <class Read>
List(Read, std::size_t, std::size_t) -> List<Read>;

/// An object whose keys are names, with at most `count_max` members. Keys that are two spellings of
/// one name are one member, of either value.
template <class Key, class Read>
struct Map {
  Name<Key> key;
  Read value;
  std::size_t count_max = 0;

  auto operator()(const Json& object) const;
};
template <class Key, class Read>
Map(Name<Key>, Read, std::size_t) -> Map<Key, Read>;

/// One of a few words, each standing for a value.
template <class T>
struct OneOf {
  std::vector<std::pair<std::string_view, T>> words;

  Result<T> operator()(const Json& value) const {
    if (const auto* text = value.get_ptr<const std::string*>()) {
      for (const auto& [word, meaning] : words) {
        if (*text == word) return meaning;
      }
    }
    return Refusal{Reason::bad_request, "not one of the words possible here"};
  }
};

}  // namespace read

class Fields {
 public:
  /// Requires   `object` outlives this. Anything but an object refuses every read.
  explicit Fields(const Json& object);

  /// The member's value. If it is absent or refused, some value that `done` will not let out.
  template <class Read>
  auto required(const char* name, const Read& read) {
    using T = typename std::invoke_result_t<const Read&, const Json&>::value_type;
    if (const auto* value = find(name)) return taken<T>(name, read(*value));
    refuse(name, {Reason::bad_request, "is missing"});
    return nothing<T>();
  }

  /// The member's value, if there is one.
  template <class Read>
  auto optional(const char* name, const Read& read) {
    using T = typename std::invoke_result_t<const Read&, const Json&>::value_type;
    const auto* value = find(name);
    return value ? std::optional<T>{taken<T>(name, read(*value))} : std::optional<T>{};
  }

  /// What was read, or the first refusal.
  template <class T>
  Result<std::decay_t<T>> done(T&& value) {
    if (refusal_) return *std::move(refusal_);
    return std::forward<T>(value);
  }

  const std::optional<Refusal>& refusal() const { return refusal_; }

 private:
  const Json* find(const char* name) const;
  void refuse(std::string_view name, Refusal refusal);

  template <class T>
  T taken(std::string_view name, Result<T> read) {
    if (read) return *std::move(read);
    refuse(name, read.error());
    return nothing<T>();
  }

  // Stands in for what could not be read.
  template <class T>
  static T nothing() {
    if constexpr (std::is_default_constructible_v<T>) {
      return T{};
    } else if constexpr (std::is_same_v<T, Domain>) {
      return *Domain::parse("localhost");
    } else {
      return T{nothing<Domain>(), {}};
    }
  }

  const Json& object_;
  std::optional<Refusal> refusal_;
};

namespace read {

template <class Id>
Result<Qualified<Id>> QualifiedName<Id>::operator()(const Json& value) const {
  Fields fields{value};
  Qualified<Id> name{fields.required("domain", domain), fields.required("id", Name<Id>{})};
  return fields.done(std::move(name));
}

template <class Read>
auto List<Read>::operator()(const Json& value) const {
  using T = typename std::invoke_result_t<const Read&, const Json&>::value_type;
  using Out = Result<std::vector<T>>;
  if (!value.is_array()) return Out{Refusal{Reason::bad_request, "not an array"}};
  if (value.size() > count_max) return Out{Refusal{Reason::bad_request, "too many elements"}};
  if (value.size() < count_min) return Out{Refusal{Reason::bad_request, "too few elements"}};
  std::vector<T> elements;
  elements.reserve(value.size());
  for (const auto& each : value) {
    auto read = element(each);
    if (!read) return Out{read.error()};
    elements.push_back(*std::move(read));
  }
  return Out{std::move(elements)};
}

template <class Key, class Read>
auto Map<Key, Read>::operator()(const Json& object) const {
  using T = typename std::invoke_result_t<const Read&, const Json&>::value_type;
  using Out = Result<std::map<Key, T>>;
  if (!object.is_object()) return Out{Refusal{Reason::bad_request, "not an object"}};
  if (object.size() > count_max) return Out{Refusal{Reason::bad_request, "too many members"}};
  std::map<Key, T> members;
  for (const auto& [name, member] : object.items()) {
    auto named = key(std::string_view{name});
    if (!named) return Out{named.error()};
    auto read = value(member);
    if (!read) return Out{read.error()};
    members.insert_or_assign(*std::move(named), *std::move(read));
  }
  return Out{std::move(members)};
}

}  // namespace read
}  // namespace twostep::wire
