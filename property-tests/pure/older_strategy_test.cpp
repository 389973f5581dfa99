// The strategy of the older form of sending, which has three places to say it: against the model.
#include "impl/wire/legacy_strategy.hpp"

#include <algorithm>

#include "model/message.hpp"
#include "property-tests/pure/generators.hpp"
#include "property-tests/pure/property.hpp"

namespace twostep::properties {
namespace {

const Domain own = *Domain::parse("a.example");

using OlderParameter = model::OlderStrategy::Parameter;
using ReadOlder = std::function<Result<Strategy>(std::optional<std::vector<UserId>>,
                                                 const wire::Parameters&, const Domain&)>;

UserId id_of(const model::UserId& user) {
  Uuid::Octets octets{};
  octets[15] = static_cast<std::uint8_t>(user.number);
  return UserId{Uuid{octets}};
}

std::vector<UserId> ids_of(const std::vector<model::UserId>& users) {
  std::vector<UserId> ids;
  for (const auto& each : users) ids.push_back(id_of(each));
  return ids;
}

std::string text_of(const OlderParameter& parameter) {
  if (parameter.kind == OlderParameter::Kind::yes) return "true";
  if (parameter.kind == OlderParameter::Kind::no) return "false";
  std::string text;
  for (const auto& id : ids_of(parameter.users)) text += (text.empty() ? "" : ",") + id.text();
  return text;
}

std::vector<model::UserId> some_users(std::uint64_t least) {
  std::vector<model::UserId> users;
  for (auto count = least + *below(4); count > 0; --count)
    users.push_back({model::BackendId{0}, static_cast<std::uint32_t>(*below(6))});
  return users;
}

std::optional<OlderParameter> some_parameter() {
  switch (*below(4)) {
    case 0:
      return std::nullopt;
    case 1:
      return OlderParameter{OlderParameter::Kind::yes};
    case 2:
      return OlderParameter{OlderParameter::Kind::no};
    default:
      return OlderParameter{OlderParameter::Kind::list, some_users(1)};
  }
}

Strategy translated(const model::Strategy& strategy) {
  Users users;
  const auto ids = ids_of(strategy.users);
  users[own].insert(ids.begin(), ids.end());
  switch (strategy.kind) {
    case model::Strategy::Kind::report_all:
      return ReportAll{};
    case model::Strategy::Kind::ignore_all:
      return IgnoreAll{};
    case model::Strategy::Kind::report_only:
      return ReportOnly{users};
    case model::Strategy::Kind::ignore_only:
      return IgnoreOnly{users};
  }
  return ReportAll{};
}

bool same(const Strategy& left, const Strategy& right) {
  if (left.index() != right.index()) return false;
  if (const auto* only = std::get_if<ReportOnly>(&left))
    return only->users == std::get<ReportOnly>(right).users;
  if (const auto* only = std::get_if<IgnoreOnly>(&left))
    return only->users == std::get<IgnoreOnly>(right).users;
  return true;
}

Property older_strategies_are_those_of_the_model(const ReadOlder& read) {
  return [read] {
    model::OlderStrategy older;
    if (*one_in(3)) older.report_missing_in_body = some_users(0);
    older.ignore_missing = some_parameter();
    older.report_missing = some_parameter();
    wire::Parameters query{{"access_token", "x"}};
    if (older.report_missing) query.emplace_back("report_missing", text_of(*older.report_missing));
    if (older.ignore_missing) query.emplace_back("ignore_missing", text_of(*older.ignore_missing));
    if (*one_in(2)) std::reverse(query.begin(), query.end());
    std::optional<std::vector<UserId>> listed;
    if (older.report_missing_in_body) listed = ids_of(*older.report_missing_in_body);
    reached("all three", listed && older.ignore_missing && older.report_missing);
    reached("none", !listed && !older.ignore_missing && !older.report_missing);
    const auto strategy = read(listed, query, own);
    RC_ASSERT(strategy.has_value());
    RC_ASSERT(same(*strategy, translated(model::strategy_of(older))));
  };
}

TEST(OlderStrategies, AreThoseOfTheModel) {
  expect_always(older_strategies_are_those_of_the_model(&wire::legacy_strategy),
                {"all three", "none"});
}

TEST(OlderStrategies, AnotherPrecedenceIsFound) {
  expect_refuted(older_strategies_are_those_of_the_model(
      [](const auto&, const wire::Parameters& query, const Domain& domain) {
        return wire::legacy_strategy(std::nullopt, query, domain);
      }));
  expect_refuted(older_strategies_are_those_of_the_model(
      [](const auto& listed, wire::Parameters query, const Domain& domain) {
        for (auto& [name, value] : query)
          name = name == "ignore_missing" ? "report_missing" : "ignore_missing";
        return wire::legacy_strategy(listed, query, domain);
      }));
}

TEST(OlderStrategies, AParameterThatIsNoneIsRefusedWhoeverDecides) {
  expect_always(
      [] {
        const auto* name = *one_in(2) ? "ignore_missing" : "report_missing";
        const auto text = *damaged(text_of({OlderParameter::Kind::list, some_users(1)}));
        bool is_list = !text.empty();
        for (std::size_t at = 0; at <= text.size();) {
          const auto comma = std::min(text.find(',', at), text.size());
          is_list = is_list && UserId::parse(std::string_view{text}.substr(at, comma - at));
          at = comma + 1;
        }
        reached("refused", !is_list);
        reached("a list after all", is_list);
        std::optional<std::vector<UserId>> listed;
        if (*one_in(2)) listed.emplace();
        const auto strategy = wire::legacy_strategy(listed, {{name, text}}, own);
        RC_ASSERT(strategy.has_value() == (is_list || text == "true" || text == "false"));
        if (!strategy) RC_ASSERT(strategy.error().reason == Reason::bad_request);
      },
      {"refused", "a list after all"});
}

}  // namespace
}  // namespace twostep::properties
