// Names: what is read, what is written, and in which order they stand.
#include <array>
#include <cstdio>
#include <regex>

#include "impl/core/account.hpp"
#include "impl/core/ids.hpp"
#include "impl/core/time_uuid.hpp"
#include "impl/wire/paging.hpp"
#include "property-tests/pure/generators.hpp"
#include "property-tests/pure/property.hpp"

namespace twostep::properties {
namespace {

// Grammars are judged by another reader of them: a regular expression.
const std::regex uuid_form{"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"};
const std::regex time_uuid_form{
    "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-1[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}"};
const std::regex client_form{"0*[0-9a-fA-F]{1,16}"};
const std::regex domain_form{
    "(localhost|([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?)",
    std::regex::icase};
const std::regex handle_form{"[a-z0-9_.-]{2,256}"};
const std::regex local_part_form{"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*",
                                 std::regex::icase};

bool is(const std::regex& form, const std::string& text) { return std::regex_match(text, form); }

std::string lower(std::string text) {
  for (auto& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

std::string upper(std::string text) {
  for (auto& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return text;
}

std::string hexadecimal(std::string_view octets) {
  std::string text;
  for (const char octet : octets) {
    std::array<char, 3> digits;
    std::snprintf(digits.data(), digits.size(), "%02x", static_cast<unsigned char>(octet));
    text += digits.data();
  }
  return text;
}

// --- UUIDs ---------------------------------------------------------------------------------

TEST(Names, AnyUuidComesBackFromItsTextAndItsOctets) {
  expect_always([] {
    const auto id = *uuid();
    const auto digits = hexadecimal(id.bytes());
    RC_ASSERT(id.text() == digits.substr(0, 8) + '-' + digits.substr(8, 4) + '-' +
                               digits.substr(12, 4) + '-' + digits.substr(16, 4) + '-' +
                               digits.substr(20));
    RC_ASSERT(Uuid::parse(id.text()) == id);
    RC_ASSERT(Uuid::parse(upper(id.text())) == id);
    RC_ASSERT(Uuid::from_bytes(id.bytes()) == id);
    RC_ASSERT(id.version() == std::stoi(digits.substr(12, 1), nullptr, 16));
    RC_ASSERT(UserId::parse(id.text()) == UserId{id});
    RC_ASSERT(UserId::from_bytes(id.bytes()) == UserId{id});
  });
}

using ReadUuid = std::function<std::optional<Uuid>(const std::string&)>;

Property uuids_are_read_strictly(const ReadUuid& read) {
  return [read] {
    const auto text = *damaged((*uuid()).text());
    const auto id = read(text);
    reached("a UUID after all", id.has_value());
    reached("none", !id);
    reached("none of the right length", !id && text.size() == Uuid::text_chars);
    RC_ASSERT(id.has_value() == is(uuid_form, text));
    if (id) RC_ASSERT(id->text() == lower(text));
  };
}

TEST(Names, WhatIsNoUuidIsNotReadAsOne) {
  expect_always(uuids_are_read_strictly(&Uuid::parse),
                {"a UUID after all", "none", "none of the right length"});
}

TEST(Names, ReadersOfUuidsThatLetMoreThroughAreFound) {
  expect_refuted(uuids_are_read_strictly([](const std::string& text) {
    return Uuid::parse(std::string_view{text}.substr(0, Uuid::text_chars));
  }));
  expect_refuted(uuids_are_read_strictly([](std::string text) {
    if (text.size() == Uuid::text_chars) text[8] = text[13] = text[18] = text[23] = '-';
    return Uuid::parse(text);
  }));
  expect_refuted(uuids_are_read_strictly(
      [](const std::string& text) { return Uuid::parse(text).value_or(Uuid{}); }));
}

TEST(Names, OnlySixteenOctetsAreAUuid) {
  expect_always(
      [] {
        const auto raw = *one_in(2) ? std::string{(*uuid()).bytes()} : *octets();
        reached("one", raw.size() == 16);
        reached("none", raw.size() != 16);
        RC_ASSERT(Uuid::from_bytes(raw).has_value() == (raw.size() == 16));
      },
      {"one", "none"});
}

TEST(Names, ARandomUuidHasVersion4AndKeepsAllOtherBits) {
  expect_always([] {
    const auto entropy = *uuid();
    auto expected = lower(entropy.text());
    expected[14] = '4';
    expected[19] = "89ab"[std::stoi(expected.substr(19, 1), nullptr, 16) & 3];
    RC_ASSERT(Uuid::random(entropy.octets()).text() == expected);
  });
}

TEST(Names, UuidsAreOrderedAsTheirTexts) {
  expect_always([] {
    const auto left = *uuid();
    const auto right = *one_in(3) ? left : *uuid();
    RC_ASSERT((left <=> right) == (left.text() <=> right.text()));
    RC_ASSERT((left == right) == (left.bytes() == right.bytes()));
  });
}

// --- Time-UUIDs ----------------------------------------------------------------------------

TEST(TimeNames, TheLayoutIsThatOfTheRfc) {
  expect_always([] {
    const auto at = *instant();
    const Origin origin{.sequence = static_cast<std::uint16_t>(*number(0x3fff)),
                        .node = *number(0xffff'ffff'ffff)};
    const auto ticks = static_cast<unsigned long long>((at - TimeUuid::earliest).count());
    std::array<char, 40> text;
    std::snprintf(text.data(), text.size(), "%08llx-%04llx-1%03llx-%04x-%012llx",
                  ticks & 0xffff'ffff, ticks >> 32 & 0xffff, ticks >> 48, 0x8000u | origin.sequence,
                  static_cast<unsigned long long>(origin.node));

    const auto id = TimeUuid::at(at, origin);

    RC_ASSERT(id.text() == std::string{text.data()});
    RC_ASSERT(id.instant() == at);
    RC_ASSERT(id.origin() == origin);
    RC_ASSERT(TimeUuid::parse(id.text()) == id);
    RC_ASSERT(TimeUuid::from(*Uuid::parse(id.text())) == id);
    RC_ASSERT(TimeUuid::from_sort_key(id.sort_key()) == id);
  });
}

using ReadTimeUuid = std::function<std::optional<TimeUuid>(const std::string&)>;

Property only_version_1_is_read(const ReadTimeUuid& read) {
  return [read] {
    auto text = (*time_uuid()).text();
    if (*one_in(2)) text[14] = "0123456789abcdef"[*below(16)];
    if (*one_in(2)) text[19] = "0123456789abcdef"[*below(16)];
    if (*one_in(4)) text = *damaged(text);
    const auto id = read(text);
    reached("a time-UUID", id.has_value());
    reached("another version", text.size() == 36 && text[14] != '1');
    reached("another variant", text.size() == 36 && text[19] < '8');
    RC_ASSERT(id.has_value() == is(time_uuid_form, text));
    if (id) RC_ASSERT(id->text() == lower(text));
  };
}

TEST(TimeNames, NoOtherVersionOrVariantIsRead) {
  expect_always(only_version_1_is_read(&TimeUuid::parse),
                {"a time-UUID", "another version", "another variant"});
  expect_always(only_version_1_is_read([](const std::string& text) {
    const auto id = Uuid::parse(text);
    return id ? TimeUuid::from(*id) : std::nullopt;
  }));
}

TEST(TimeNames, AReaderThatMendsTheVersionIsFound) {
  expect_refuted(only_version_1_is_read([](std::string text) {
    if (text.size() == 36) text[14] = '1';
    return TimeUuid::parse(text);
  }));
  expect_refuted(only_version_1_is_read([](std::string text) {
    if (text.size() == 36 && text[19] < '8') text[19] = '8';
    return TimeUuid::parse(text);
  }));
}

TEST(TimeNames, ASortKeyIsSixteenOctetsWithSixBitsZero) {
  expect_always(
      [] {
        auto key = *one_in(3) ? (*time_uuid()).sort_key() : std::string{(*uuid()).bytes()};
        if (*one_in(2)) key[0] = static_cast<char>(key[0] & 0x0f);
        if (*one_in(2)) key[8] = static_cast<char>(key[8] & 0x3f);
        if (*one_in(8)) key = *damaged(key);
        const bool is_key = key.size() == 16 && static_cast<unsigned char>(key[0]) < 0x10 &&
                            static_cast<unsigned char>(key[8]) < 0x40;
        reached("a key", is_key);
        reached("no time", key.size() == 16 && static_cast<unsigned char>(key[0]) >= 0x10);
        reached("no sequence", key.size() == 16 && static_cast<unsigned char>(key[8]) >= 0x40);
        const auto id = TimeUuid::from_sort_key(key);
        RC_ASSERT(id.has_value() == is_key);
        if (id) RC_ASSERT(id->sort_key() == key);
      },
      {"a key", "no time", "no sequence"});
}

using Order = std::function<bool(const TimeUuid&, const TimeUuid&)>;

// TID-03: by time; what is left decides between equals. The store knows octets only.
Property ids_are_ordered_by_time(const Order& before) {
  return [before] {
    const auto left = *time_uuid();
    auto right = *time_uuid();
    if (*one_in(2)) {  // Close together: one tick, or the same one.
      const auto ticks = Ticks{static_cast<int>(*below(2))};
      const auto at =
          left.instant() + ticks <= TimeUuid::latest ? left.instant() + ticks : left.instant();
      auto origin = *one_in(2) ? left.origin() : right.origin();
      if (*one_in(2)) origin.sequence = left.origin().sequence;
      right = TimeUuid::at(at, origin);
    }
    reached("the same", left == right);
    reached("one tick", left.instant() == right.instant());
    reached("one tick and sequence", left.instant() == right.instant() && left != right &&
                                         left.origin().sequence == right.origin().sequence);
    reached("against the texts", (left < right) != (left.text() < right.text()));
    const auto parts = [](const TimeUuid& id) {
      return std::tuple{id.instant(), id.origin().sequence, id.origin().node};
    };
    RC_ASSERT(before(left, right) == (parts(left) < parts(right)));
    RC_ASSERT(before(right, left) == (parts(right) < parts(left)));
    RC_ASSERT(before(left, right) == (left.sort_key() < right.sort_key()));
    RC_ASSERT((left == right) == (left.sort_key() == right.sort_key()));
  };
}

TEST(TimeNames, TheOrderOfIdsIsThatOfTimeAndOfTheRowsOfAnInbox) {
  expect_always(ids_are_ordered_by_time(std::less<TimeUuid>{}),
                {"the same", "one tick", "one tick and sequence", "against the texts"});
}

TEST(TimeNames, OtherOrdersAreFound) {
  expect_refuted(ids_are_ordered_by_time(
      [](const TimeUuid& left, const TimeUuid& right) { return left.text() < right.text(); }));
  expect_refuted(ids_are_ordered_by_time([](const TimeUuid& left, const TimeUuid& right) {
    return left.instant() < right.instant();
  }));
  expect_refuted(ids_are_ordered_by_time([](const TimeUuid& left, const TimeUuid& right) {
    return std::tuple{left.instant(), left.origin().node} <
           std::tuple{right.instant(), right.origin().node};
  }));
}

// --- Clients -------------------------------------------------------------------------------

TEST(Names, AClientIsReadInAnySpellingAndWrittenInOne) {
  expect_always(
      [] {
        const auto id = *client();
        std::array<char, 17> digits;
        std::snprintf(digits.data(), digits.size(), "%llx",
                      static_cast<unsigned long long>(id.value));
        RC_ASSERT(id.text() == std::string{digits.data()});
        const auto zeros = *below(20);
        auto spelling = std::string(zeros, '0') + id.text();
        if (*one_in(2)) spelling = upper(spelling);
        reached("zeros in front", zeros > 0);
        reached("sixteen digits", id.text().size() == 16);
        reached("zero", id.value == 0);
        RC_ASSERT(ClientId::parse(spelling) == id);
      },
      {"zeros in front", "sixteen digits", "zero"});
}

using ReadClient = std::function<std::optional<ClientId>(const std::string&)>;

Property clients_are_read_strictly(const ReadClient& read) {
  return [read] {
    auto text = (*client()).text();
    if (*one_in(3)) text = std::vector<std::string>{"0x", "+", "-", " "}[*below(4)] + text;
    if (*one_in(2)) text = *damaged(text);
    const auto id = read(text);
    reached("a client after all", id.has_value());
    reached("too large",
            !id && text.size() == 17 && text.find_first_not_of("0123456789abcdef") == text.npos);
    reached("empty", text.empty());
    reached("a prefix", text.starts_with("0x"));
    reached("a sign", text.starts_with('-') || text.starts_with('+'));
    RC_ASSERT(id.has_value() == is(client_form, text));
    if (id) RC_ASSERT(id->value == std::stoull(text, nullptr, 16));
  };
}

TEST(Names, WhatIsNoClientIsNotReadAsOne) {
  expect_always(clients_are_read_strictly(&ClientId::parse),
                {"a client after all", "too large", "empty", "a prefix", "a sign"});
}

TEST(Names, ReadersOfClientsThatLetMoreThroughAreFound) {
  // What the library for C reads: spaces, signs and prefixes, and as much as it likes.
  expect_refuted(clients_are_read_strictly([](const std::string& text) {
    return std::optional{ClientId{std::strtoull(text.c_str(), nullptr, 16)}};
  }));
  expect_refuted(clients_are_read_strictly([](const std::string& text) -> std::optional<ClientId> {
    if (text.find_first_not_of("0123456789abcdefABCDEF") != text.npos || text.empty()) return {};
    return ClientId{std::strtoull(text.c_str(), nullptr, 16)};
  }));
}

// --- Domains, handles, addresses -----------------------------------------------------------

Property domains_are_read_strictly(
    const std::function<std::optional<Domain>(const std::string&)>& read) {
  return [read] {
    static const std::vector<std::string> pieces{
        "a",       "z",         "0", "9", "-",   ".",        "A",
        "Example", "localhost", "_", " ", ":80", "\xc3\xa4", std::string(62, 'l')};
    auto text = *one_in(2) ? *made_of(pieces) : *damaged((*domain()).text());
    if (*one_in(8)) text += '.';
    const bool is_domain = text.size() <= Domain::text_chars_max && is(domain_form, text);
    reached("a domain", is_domain);
    reached("none", !is_domain);
    reached("the longest", is_domain && text.size() == Domain::text_chars_max);
    reached("too long", text.size() > Domain::text_chars_max && is(domain_form, text));
    reached("lowered", is_domain && text != lower(text));
    const auto name = read(text);
    RC_ASSERT(name.has_value() == is_domain);
    if (name) RC_ASSERT(name->text() == lower(text));
    if (name) RC_ASSERT(Domain::parse(upper(text)) == name);
  };
}

TEST(Names, ADomainIsReadStrictlyAndHasOneSpelling) {
  expect_always(domains_are_read_strictly(&Domain::parse), {"a domain", "none", "lowered"});
}

TEST(Names, ReadersOfDomainsThatLetMoreThroughAreFound) {
  expect_refuted(domains_are_read_strictly([](std::string text) {
    if (text.ends_with('.')) text.pop_back();
    return Domain::parse(text);
  }));
  expect_refuted(domains_are_read_strictly([](const std::string& text) {
    return text == lower(text) ? Domain::parse(text) : std::nullopt;
  }));
}

TEST(Names, DomainsAreBoundedInTheirLengthAndThatOfTheirLabels) {
  expect_always(
      [] {
        const auto inside = 61 + *below(5);
        const auto count = 1 + *below(4);
        std::string text;
        for (std::size_t i = 0; i < count; ++i) text += std::string(inside, 'l') + '.';
        text += std::string(1 + *below(64), 'e');
        if (*one_in(2)) text.resize(std::min<std::size_t>(text.size(), 236 + *below(5)), 'e');
        const bool is_domain = text.size() <= 238 && is(domain_form, text);
        reached("within", is_domain);
        reached("too long", text.size() > 238);
        reached("the longest", is_domain && text.size() == 238);
        reached("a label too long", !is_domain && text.size() <= 238);
        RC_ASSERT(Domain::parse(text).has_value() == is_domain);
      },
      {"within", "too long", "a label too long", "the longest"});
}

TEST(Names, AHandleIsReadAsItIsOrNotAtAll) {
  expect_always(
      [] {
        static const std::vector<std::string> pieces{"a", "z", "0", "9",
                                                     "_", "-", ".", std::string(63, 'h')};
        auto text = *made_of(pieces);
        if (*one_in(3)) text = *damaged(text);
        if (*one_in(6)) text = std::string(253 + *below(6), 'h');
        const bool is_handle = text.size() <= 256 && is(handle_form, text);
        reached("a handle", is_handle);
        reached("none", !is_handle);
        reached("the shortest", is_handle && text.size() == 2);
        reached("too short", text.size() == 1);
        reached("the longest", is_handle && text.size() == 256);
        reached("too long", text.size() == 257);
        const auto handle = Handle::parse(text);
        RC_ASSERT(handle.has_value() == is_handle);
        if (handle) RC_ASSERT(handle->text() == text);
      },
      {"a handle", "none", "the longest", "too long", "the shortest", "too short"});
}

TEST(Names, AnAddressIsReadStrictlyAndHasOneSpelling) {
  expect_always(
      [] {
        static const std::vector<std::string> pieces{"a", "Z", "0", "!", "~", "+",
                                                     "-", ".", "_", "'", "#"};
        auto local = *made_of(pieces);
        if (*one_in(4)) local = std::string(62 + *below(4), 'l');
        auto text = local + '@' + (*domain()).text();
        if (*one_in(3)) text = *damaged(text);
        const auto at = text.find('@');
        const auto name = text.substr(0, at);
        const auto host = at == text.npos ? "" : text.substr(at + 1);
        const bool is_address = text.size() <= 254 && name.size() <= 64 && host.size() <= 238 &&
                                is(local_part_form, name) && is(domain_form, host);
        reached("an address", is_address);
        reached("none", !is_address);
        reached("the longest name", is_address && name.size() == 64);
        reached("a name too long", name.size() == 65);
        reached("too long", text.size() > 254);
        const auto address = EmailAddress::parse(text);
        RC_ASSERT(address.has_value() == is_address);
        if (address) RC_ASSERT(address->text() == lower(text));
      },
      {"an address", "none", "the longest name", "a name too long", "too long"});
}

// --- Qualified names -----------------------------------------------------------------------

TEST(Names, QualifiedNamesAreOrderedByBackendFirstAndComeBackFromPagingStates) {
  expect_always([] {
    const QualifiedUser left{*domain(), *user()};
    const QualifiedUser right{*one_in(2) ? left.domain : *domain(), *one_in(3) ? left.id : *user()};
    const auto parts = [](const QualifiedUser& name) {
      return std::pair{name.domain.text(), name.id.text()};
    };
    RC_ASSERT((left <=> right) == (parts(left) <=> parts(right)));
    RC_ASSERT((left == right) == (parts(left) == parts(right)));

    const auto state = wire::paging_state(std::optional{left});
    RC_ASSERT(state == left.domain.text() + '/' + left.id.text());
    const auto back = wire::read::PagingState<UserId>{}(wire::Json(state));
    RC_ASSERT(back.has_value() && *back == std::optional{left});
  });
}

TEST(Names, APagingStateThatIsNoneIsRefused) {
  expect_always(
      [] {
        const auto text =
            *damaged(wire::paging_state(std::optional{QualifiedUser{*domain(), *user()}}));
        const auto slash = text.find('/');
        const bool is_state = slash != text.npos && slash <= Domain::text_chars_max &&
                              is(domain_form, text.substr(0, slash)) &&
                              is(uuid_form, text.substr(slash + 1));
        reached("a state", is_state);
        reached("none", !is_state);
        const auto read = wire::read::PagingState<UserId>{}(wire::Json(text));
        RC_ASSERT(read.has_value() == (is_state || text.empty()));
        if (is_state) RC_ASSERT(wire::paging_state(*read) == lower(text));
      },
      {"a state", "none"});
}

}  // namespace
}  // namespace twostep::properties
