// Heads of HTTP requests, against their grammar as a regular expression and what its fields mean.
#include "impl/wire/head.hpp"

#include <algorithm>
#include <regex>

#include "impl/core/limits.hpp"
#include "property-tests/pure/generators.hpp"
#include "property-tests/pure/property.hpp"

namespace twostep::properties {
namespace {

// --- What is drawn -------------------------------------------------------------------------

std::string one(const std::vector<std::string>& words) { return words[*below(words.size())]; }

// A request as clients make them, with at most one thing that is not as it should be, or any damage.
std::string any_head() {
  static const std::vector<std::string> methods{"GET", "POST", "!#$%&'*+-.^_`|~"};
  static const std::vector<std::string> no_methods{"G T", "", "G(T", "G\xc3\xa4T"};
  static const std::vector<std::string> targets{"/", "/a?b=c&d", "/%41%2f", "/\"<>\\^`{|}"};
  static const std::vector<std::string> no_targets{
      "*", "http://a.example/", "/a#b", "/a b", "/%00", "/\x7f", "/\xc3\xa4", "a"};
  static const std::vector<std::string> versions{"HTTP/1.1", "HTTP/1.1", "HTTP/1.0"};
  static const std::vector<std::string> no_versions{"HTTP/2.0", "HTTP/1.10", "http/1.1",
                                                    "HTTP/1.x", "",          "HTTP/1.2"};
  static const std::vector<std::string> bodies{
      "Content-Length: 0", "content-length:\t12 ", "Content-Length: 9223372036854775807",
      "Transfer-Encoding: chunked", "transfer-encoding: Chunked"};
  static const std::vector<std::string> others{"Connection: close",
                                               "Connection: keep-alive, Upgrade",
                                               "Connection: , Close ,x",
                                               "Connection:",
                                               "connection: KEEP-ALIVE",
                                               "Connection: keep-alivex",
                                               "Expect: 100-continue",
                                               "Expect: 100-Continue",
                                               "X-A: b\tc",
                                               "X-A: \x80\xff",
                                               "X-A:",
                                               "!#$%&'*+-.^_`|~:::"};
  static const std::vector<std::string> no_fields{"Host: b.example",
                                                  "hOST:",
                                                  "Content-Length: +1",
                                                  "Content-Length: 1,1",
                                                  "Content-Length:",
                                                  "Content-Length: 9223372036854775808",
                                                  "Content-Length: 18446744073709551616",
                                                  "Content-Length: 0x1",
                                                  "Content-Length: 1 2",
                                                  "Transfer-Encoding: gzip, chunked",
                                                  "Transfer-Encoding: identity",
                                                  "Transfer-Encoding : chunked",
                                                  " folded",
                                                  "\tfolded",
                                                  "Expect: 200-ok",
                                                  "X-A: b\x01",
                                                  "X A: b",
                                                  "X-A",
                                                  ": b",
                                                  "X-A: b\x7f",
                                                  "X-A: b\nY: c",
                                                  "X-A: b\rY: c"};
  static const std::vector<std::string> hosts{"Host: a.example", "hOST:b.example:443",
                                              "Host: [::1]", "Host:", "Host: "};
  static const std::vector<std::string> no_hosts{"Host: a example", "Host: a/b", "Host: \xc3\xa4",
                                                 "X: y"};
  const auto wrong = *below(8);
  auto head = one(wrong == 1 ? no_methods : methods) + ' ' +
              one(wrong == 2 ? no_targets : targets) + ' ' +
              one(wrong == 3 ? no_versions : versions) + "\r\n" +
              one(wrong == 4 ? no_hosts : hosts) + "\r\n";
  if (*one_in(2)) head += one(bodies) + "\r\n";
  if (*one_in(20)) head += one(bodies) + "\r\n";
  for (auto count = *below(3); count > 0; --count) head += one(others) + "\r\n";
  if (wrong == 5) head += one(no_fields) + "\r\n";
  head += "\r\n";
  return wrong == 6 ? *damaged(head) : head;
}

// --- What it means -------------------------------------------------------------------------

std::string lower(std::string text) {
  for (auto& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

// A value of a field, by the grammar of that field; none if it must not be there.
struct Field {
  std::string name;
  std::string value;
};

std::optional<std::vector<Field>> fields_of(const std::string& lines) {
  static const std::regex form{"([-!#$%&'*+.^_`|~0-9A-Za-z]+):[ \\t]*([^\\r\\n]*?)[ \\t]*\\r\\n"};
  static const std::regex text{"[^\\x01-\\x08\\x0a-\\x1f\\x7f]*"};
  std::vector<Field> fields;
  auto at = lines.begin();
  for (std::smatch part; at != lines.end(); at = part.suffix().first) {
    if (!std::regex_search(at, lines.end(), part, form, std::regex_constants::match_continuous))
      return std::nullopt;
    fields.push_back({lower(part[1]), part[2]});
    const auto& value = fields.back().value;
    if (!std::regex_match(value, text) || value.find('\0') != value.npos) return std::nullopt;
  }
  return fields;
}

std::vector<std::string> values_of(const std::vector<Field>& fields, const std::string& name) {
  std::vector<std::string> values;
  for (const auto& field : fields)
    if (field.name == name) values.push_back(field.value);
  return values;
}

std::optional<wire::Head> meant(const std::string& head) {
  static const std::regex form{
      "[-!#$%&'*+.^_`|~0-9A-Za-z]+ (/[!\"$-~]*) "
      "HTTP/1\\.([01])\\r\\n((?:[^\\r\\n]+\\r\\n)*)\\r\\n"};
  std::smatch part;
  if (!std::regex_match(head, part, form) || head.find('\0') != head.npos) return std::nullopt;
  if (part[1].str().find("%00") != std::string::npos) return std::nullopt;
  const bool is_1_1 = part[2] == "1";
  const auto fields = fields_of(part[3]);
  if (!fields) return std::nullopt;

  const auto hosts = values_of(*fields, "host");
  const auto lengths = values_of(*fields, "content-length");
  const auto encodings = values_of(*fields, "transfer-encoding");
  static const std::regex host{"[-._~!$&'()*+,;=:\\[\\]%0-9A-Za-z]*"}, digits{"[0-9]+"};
  if (hosts.size() > 1 || lengths.size() > 1 || encodings.size() > 1) return std::nullopt;
  if (hosts.empty() ? is_1_1 : !std::regex_match(hosts[0], host)) return std::nullopt;
  if (!encodings.empty() && (lower(encodings[0]) != "chunked" || !lengths.empty() || !is_1_1))
    return std::nullopt;

  wire::Head meaning{.chunked = !encodings.empty()};
  if (!lengths.empty()) {
    auto length = lengths[0].substr(std::min(lengths[0].find_first_not_of('0'), lengths[0].size()));
    const std::string most = "9223372036854775807";
    if (!std::regex_match(lengths[0], digits) || length.size() > most.size() ||
        (length.size() == most.size() && length > most))
      return std::nullopt;
    meaning.content_length = length.empty() ? 0 : std::stoull(length);
  }
  for (const auto& value : values_of(*fields, "expect")) {
    if (lower(value) != "100-continue") return std::nullopt;
    meaning.expects_continue = true;
  }
  bool close = false, keep_alive = false;
  for (const auto& value : values_of(*fields, "connection")) {
    static const std::regex option{"[^, \\t]+(?:[ \\t]+[^, \\t]+)*"};
    const auto text = lower(value);
    for (std::sregex_iterator each{text.begin(), text.end(), option}, end; each != end; ++each) {
      close = close || each->str() == "close";
      keep_alive = keep_alive || each->str() == "keep-alive";
    }
  }
  meaning.keep_alive = !close && (is_1_1 || keep_alive);
  return meaning;
}

using ReadHead = std::function<wire::HeadRead(const std::string&)>;

Property heads_are_read_strictly(const ReadHead& read) {
  return [read] {
    const auto head = any_head();
    RC_LOG() << head;
    const auto expected = meant(head);
    reached("read", expected.has_value());
    reached("refused", !expected);
    reached("chunked", expected && expected->chunked);
    reached("a length", expected && expected->content_length.value_or(0) > 0);
    reached("the greatest length", expected && expected->content_length == INT64_MAX);
    reached("to be closed", expected && !expected->keep_alive);
    reached("expects", expected && expected->expects_continue);
    const auto result = read(head);
    if (const auto* refusal = std::get_if<wire::HeadRefusal>(&result)) {
      RC_ASSERT(!expected.has_value());
      constexpr std::array statuses{400, 414, 417, 431, 501, 505};
      RC_ASSERT(std::count(statuses.begin(), statuses.end(), refusal->status) == 1);
      RC_ASSERT(!refusal->why.empty());
    } else {
      RC_ASSERT(expected.has_value());
      RC_ASSERT(std::get<wire::Head>(result) == *expected);
    }
  };
}

TEST(Heads, AreReadAsTheGrammarSaysAndNothingElseIs) {
  expect_always(
      heads_are_read_strictly(&wire::read_head),
      {"read", "refused", "chunked", "a length", "the greatest length", "to be closed", "expects"});
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

TEST(Heads, ReadersThatLetMoreThroughAreFound) {
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{" :", ":"},
                                                        {"#", ""},
                                                        {"Content-Length: +", "Content-Length: "},
                                                        {"gzip, ", ""},
                                                        {"\r\n ", " "},
                                                        {"%00", ""},
                                                        {"HTTP/1.2", "HTTP/1.1"},
                                                        {"200-ok", "100-continue"}}) {
    expect_refuted(heads_are_read_strictly(
        [from, to](const std::string& head) { return wire::read_head(replaced(head, from, to)); }));
  }
  expect_refuted(heads_are_read_strictly([](const std::string& head) {
    auto read = wire::read_head(head);
    if (auto* fine = std::get_if<wire::Head>(&read)) fine->keep_alive = true;
    return read;
  }));
}

// One thing wrong, and which answer it gets.
TEST(Heads, EachMistakeHasItsStatus) {
  struct Mistake {
    std::string from, to;
    int status;
  };
  const std::vector<Mistake> mistakes{{"POST", "P@ST", 400},
                                      {"HTTP/1.1", "HTTP/3.0", 505},
                                      {"HTTP/1.1", "HTTP/one", 400},
                                      {"/a", "a", 400},
                                      {"/a", "/" + std::string(8192, 'a'), 414},
                                      {"/a", "/\x01", 400},
                                      {"chunked", "gzip", 501},
                                      {"100-continue", "more", 417},
                                      {"Host: a.example", "Host: a/b", 400},
                                      {"Host: a.example", "Ghost: a.example", 400},
                                      {"X: y", "X: " + std::string(16384, 'y'), 431},
                                      {"X: y", "X y", 400},
                                      {"X: y", "Host: a.example", 400},
                                      {"X: y", "Content-Length: 1", 400},
                                      {"X: y", "Transfer-Encoding: chunked", 400}};
  const std::string fine =
      "POST /a HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\nExpect: "
      "100-continue\r\nX: y\r\n\r\n";
  ASSERT_TRUE(std::holds_alternative<wire::Head>(wire::read_head(fine)));
  for (const auto& mistake : mistakes) {
    const auto read = wire::read_head(replaced(fine, mistake.from, mistake.to));
    const auto* refusal = std::get_if<wire::HeadRefusal>(&read);
    ASSERT_TRUE(refusal) << mistake.to;
    EXPECT_EQ(refusal->status, mistake.status) << mistake.to;
  }
}

TEST(Heads, AreBoundedInTheirFieldsTargetAndSize) {
  expect_always(
      [] {
        const auto fields = limits::header_fields_max - 2 + *below(5);
        std::string head = "GET / HTTP/1.1\r\nHost: a\r\n";
        for (std::size_t i = 1; i < fields; ++i) head += "X: y\r\n";
        const auto read = wire::read_head(head + "\r\n");
        const auto* refusal = std::get_if<wire::HeadRefusal>(&read);
        reached("as many fields as may be", fields == limits::header_fields_max);
        RC_ASSERT((refusal != nullptr) == (fields > limits::header_fields_max));
        if (refusal) RC_ASSERT(refusal->status == 431);

        const auto length = limits::target_bytes_max - 2 + *below(5);
        const auto long_target = wire::read_head("GET /" + std::string(length - 1, 'a') +
                                                 " HTTP/1.1\r\nHost: a\r\n\r\n");
        refusal = std::get_if<wire::HeadRefusal>(&long_target);
        reached("as long a target as may be", length == limits::target_bytes_max);
        RC_ASSERT((refusal != nullptr) == (length > limits::target_bytes_max));
        if (refusal) RC_ASSERT(refusal->status == 414);

        const std::string rest = "GET / HTTP/1.1\r\nHost: a\r\nX: \r\n\r\n";
        const auto size = limits::head_bytes_max - 2 + *below(5);
        auto large = rest;
        large.insert(rest.size() - 4, size - rest.size(), 'y');
        const auto judged = wire::read_head(large);
        refusal = std::get_if<wire::HeadRefusal>(&judged);
        reached("as large as may be", size == limits::head_bytes_max);
        RC_ASSERT((refusal != nullptr) == (size > limits::head_bytes_max));
        if (refusal) RC_ASSERT(refusal->status == 431);
      },
      {"as many fields as may be", "as long a target as may be", "as large as may be"});
}

using HeadSize = std::function<std::optional<std::size_t>(const std::string&)>;

// The end of a head is the first empty line, in any spelling; what cannot become one is seen at once.
Property a_head_ends_with_its_empty_line(const HeadSize& size_of) {
  return [size_of] {
    static const std::vector<std::string> parts{"GET / HTTP/1.1", "A: b",     "\r\n", "\n", "\r",
                                                "\n\n",           "\r\n\r\n", " "};
    auto octets = *one_in(2) ? any_head() + *made_of(parts) : *made_of(parts);
    if (*one_in(3)) octets.resize(*below(octets.size() + 1));
    static const std::regex token{"[-!#$%&'*+.^_`|~0-9A-Za-z]"};
    std::optional<std::size_t> expected;
    for (std::size_t end = 1; end <= octets.size() && !expected; ++end) {
      const auto so_far = octets.substr(0, end);
      if (so_far.ends_with("\n\n") || so_far.ends_with("\n\r\n")) expected = end;
    }
    if (!octets.empty() && !std::regex_match(octets.substr(0, 1), token)) expected = 1;
    reached("complete, and more", expected && *expected < octets.size());
    reached("not yet", !expected && !octets.empty());
    reached("never", expected == 1u);
    RC_ASSERT(size_of(octets) == expected);
  };
}

TEST(Heads, EndWithTheirEmptyLine) {
  expect_always(a_head_ends_with_its_empty_line(&wire::head_size),
                {"complete, and more", "not yet", "never"});
  expect_refuted(a_head_ends_with_its_empty_line([](const std::string& octets) {
    const auto at = octets.find("\r\n\r\n");
    return at == octets.npos ? std::nullopt : std::optional{at + 4};
  }));
}

}  // namespace
}  // namespace twostep::properties
