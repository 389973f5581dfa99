#include "property-tests/pure/generators.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace twostep {

std::ostream& operator<<(std::ostream& out, const Uuid& id) { return out << id.text(); }
std::ostream& operator<<(std::ostream& out, const ClientId& id) { return out << id.text(); }
std::ostream& operator<<(std::ostream& out, const Domain& domain) { return out << domain.text(); }
std::ostream& operator<<(std::ostream& out, const TimeUuid& id) { return out << id.text(); }

namespace properties {
namespace {

using namespace std::string_literals;

const std::string& one_of(const std::vector<std::string>& words) {
  return words[*below(words.size())];
}

/// Many small numbers from few draws: a draw costs as much as all the rest.
class Numbers {
 public:
  std::uint64_t below(std::uint64_t bound) {
    if (left_ < bound)
      left_ = *rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::uint64_t>());
    const auto next = left_ % bound;
    left_ /= bound;
    return next;
  }

 private:
  std::uint64_t left_ = 0;
};

/// How long a text is: short ones, those around a border, and a few long ones.
std::size_t length() {
  switch (*below(8)) {
    case 0:
      return *below(3);
    case 1:
      return 30 + *below(8);
    default:
      return *below(25);
  }
}

}  // namespace

rc::Gen<std::uint64_t> below(std::uint64_t bound) {
  return rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::uint64_t>(0, bound));
}

rc::Gen<std::uint64_t> number(std::uint64_t max) {
  return rc::gen::exec([max]() -> std::uint64_t {
    switch (*below(4)) {
      case 0:
        return std::min(*below(4), max);
      case 1:
        return max - std::min(*below(4), max);
      case 2: {
        const auto power = std::uint64_t{1} << *below(64);
        return std::min(power - 1 + *below(3), max);
      }
      default:
        return max == UINT64_MAX
                   ? *rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::uint64_t>())
                   : *below(max + 1);
    }
  });
}

rc::Gen<bool> one_in(std::uint64_t n) {
  return rc::gen::map(below(n), [n](std::uint64_t drawn) { return drawn == n - 1; });
}

rc::Gen<std::string> octets() {
  return rc::gen::exec([] {
    const bool is_long = *one_in(20);
    std::string text(is_long ? 1000 + *below(9000) : length(), '\0');
    if (!is_long) {
      Numbers numbers;
      for (auto& octet : text) octet = static_cast<char>(numbers.below(256));
      return text;
    }
    auto state = *below(UINT64_MAX);  // Nobody shrinks thousands of octets one by one.
    for (auto& octet : text) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      octet = static_cast<char>(state >> 56);
    }
    return text;
  });
}

rc::Gen<std::string> text() {
  static const std::vector<std::string> characters{
      "a",      "Z",          "0",          "/",          "\"",     "\\",     "\n",     "\t",
      "\r",     "\b",         "\x01",       "\x1f",       " ",      "\x7f",   "\u0080", "\u00e4",
      "\u07ff", "\u0800",     "\u20ac",     "\u2028",     "\ud7ff", "\ue000", "\ufeff", "\ufffd",
      "\uffff", "\U00010000", "\U0001f600", "\U0010ffff", "{",      "}",      "[",      "]",
      ",",      ":",          "&",          "=",          "%41",    "+",      "e\u0301"};
  return made_of(characters);
}

rc::Gen<std::string> nearly_utf8() {
  static const std::vector<std::string> pieces{"a",
                                               "\"",
                                               "\x01",
                                               "\xc3\xa4",
                                               "\xe2\x82\xac",
                                               "\x80",
                                               "\xbf",
                                               "\xc0\x80",
                                               "\xc1\xbf",
                                               "\xc2",
                                               "\xe0\x80",
                                               "\xe0\x9f\xbf",
                                               "\xe0\xa0\x80",
                                               "\xed\x9f\xbf",
                                               "\xed\xa0\x80",
                                               "\xff",
                                               "\xed\xbf\xbf",
                                               "\xe2\x82",
                                               "\xf0\x90\x80\x80",
                                               "\xf0\x8f\xbf\xbf",
                                               "\xfe",
                                               "\xf0\x9f\x98",
                                               "\xf4\x8f\xbf\xbf",
                                               "\xf4\x90\x80\x80",
                                               "\xf5\x80\x80\x80",
                                               "\xf8\x88\x80\x80\x80",
                                               "\xef\xbf\xbd",
                                               "\xe1\x80\xc0",
                                               "\xf1\x80\x80\xc0",
                                               "\xf1\x80\x7f",
                                               "\xdf\xbf",
                                               "\xee\x80\x80",
                                               "\xf3\xbf\xbf\xbf"};
  return rc::gen::exec([] {
    auto text = *made_of(pieces);
    if (*one_in(2)) text.insert(*below(text.size() + 1), 1, static_cast<char>(*below(256)));
    return text;
  });
}

rc::Gen<std::string> damaged(const std::string& original) {
  return rc::gen::exec([original] {
    static const std::vector<std::string> intruders{
        "0", "1", "9", "a",    "f",    "g",    "A",  "F",        "G",    "z",    "-",   ".",
        "_", "/", " ", "\t",   "\n",   "\r\n", "\"", "\\",       "{",    "}",    "[",   "]",
        ",", ":", "+", "%",    "=",    "@",    "T",  "Z",        "null", "1e9",  "x",   "\0"s,
        "?", "&", ";", "\x80", "\xff", "\x7f", "0x", "\xc3\xa4", "\x08", "\x12", "\x01"};
    std::string text = original;
    for (auto mistakes = 1 + *below(2); mistakes > 0; --mistakes) {
      const auto at = *below(text.size() + 1);
      switch (text.empty() ? 2 : *below(6)) {
        case 0:
          text.resize(*below(2) == 0 ? at : text.size() - 1);
          break;
        case 1:
          text.erase(at, 1 + *below(3));
          break;
        case 2:
          text.insert(at, one_of(intruders));
          break;
        case 3:
          text.replace(at, 1, one_of(intruders));
          break;
        case 4:
          if (at < text.size()) text[at] = static_cast<char>(text[at] ^ 1 << *below(8));
          break;
        default:
          text.insert(at, text.substr(*below(text.size()), 1 + *below(8)));
          break;
      }
    }
    return text;
  });
}

rc::Gen<std::string> made_of(std::vector<std::string> pieces) {
  return rc::gen::exec([pieces = std::move(pieces)] {
    Numbers numbers;
    std::string text;
    for (auto count = length(); count > 0; --count) text += pieces[numbers.below(pieces.size())];
    return text;
  });
}

rc::Gen<Uuid> uuid() {
  return rc::gen::exec([] {
    Uuid::Octets octets{};
    const bool plain = *one_in(4);
    Numbers numbers;
    for (auto& octet : octets) octet = static_cast<std::uint8_t>(numbers.below(plain ? 2 : 256));
    return Uuid{octets};
  });
}

rc::Gen<UserId> user() {
  return rc::gen::map(uuid(), [](const Uuid& id) { return UserId{id}; });
}

rc::Gen<ConversationId> conversation() {
  return rc::gen::map(uuid(), [](const Uuid& id) { return ConversationId{id}; });
}

rc::Gen<ClientId> client() {
  return rc::gen::map(number(UINT64_MAX), [](std::uint64_t value) { return ClientId{value}; });
}

rc::Gen<Domain> domain() {
  static const std::vector<std::string> names{"a.example",
                                              "b.example",
                                              "localhost",
                                              "a.b",
                                              "sub.a.example",
                                              "a-b.c-d.example",
                                              "0.x",
                                              "xn--bcher-kva.e",
                                              std::string(63, 'l') + ".example",
                                              [] {
                                                std::string longest;
                                                while (longest.size() < 230)
                                                  longest += "ninechars.";
                                                return longest + "example1"s;
                                              }()};
  return rc::gen::map(below(names.size()),
                      [](std::uint64_t which) { return *Domain::parse(names[which]); });
}

rc::Gen<Instant> instant() {
  constexpr auto last = static_cast<std::uint64_t>((TimeUuid::latest - TimeUuid::earliest).count());
  return rc::gen::map(number(last), [](std::uint64_t ticks) {
    return TimeUuid::earliest + Ticks{static_cast<std::int64_t>(ticks)};
  });
}

rc::Gen<Instant> wire_instant() {
  constexpr auto last = std::chrono::sys_days{std::chrono::year{10000} / 1 / 1};
  constexpr auto milliseconds = std::chrono::milliseconds{last.time_since_epoch()}.count() - 1;
  return rc::gen::map(number(static_cast<std::uint64_t>(milliseconds)), [](std::uint64_t drawn) {
    return Instant{std::chrono::milliseconds{static_cast<std::int64_t>(drawn)}};
  });
}

rc::Gen<TimeUuid> time_uuid() {
  return rc::gen::exec([] {
    const Origin origin{.sequence = static_cast<std::uint16_t>(*number(0x3fff)),
                        .node = *number(0xffff'ffff'ffff)};
    return TimeUuid::at(*instant(), origin);
  });
}

rc::Gen<Clients> clients() {
  return rc::gen::exec([] {
    Clients clients;
    for (auto count = *below(12); count > 0; --count) {
      const auto name = std::string(1, static_cast<char>('a' + *below(3))) + ".example";
      Uuid::Octets octets{};
      octets[15] = static_cast<std::uint8_t>(*below(4));
      clients[*Domain::parse(name)][UserId{Uuid{octets}}].insert(ClientId{*number(UINT64_MAX)});
    }
    return clients;
  });
}

}  // namespace properties
}  // namespace twostep
