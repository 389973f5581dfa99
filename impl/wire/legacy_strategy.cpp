#include "impl/wire/legacy_strategy.hpp"

#include <string_view>
#include <variant>

#include "impl/wire/fields.hpp"

namespace twostep::wire {
namespace {

// `true` and `false` mean all users and none.
using Whom = std::variant<bool, std::vector<UserId>>;

Result<Whom> whom(std::string_view text) {
  if (text == "true") return Whom{true};
  if (text == "false") return Whom{false};
  std::vector<UserId> users;
  for (bool more = true; more;) {
    const auto comma = text.find(',');
    const auto user = read::user_id(text.substr(0, comma));
    if (!user) return user.error();
    users.push_back(*user);
    more = comma != text.npos;
    if (more) text.remove_prefix(comma + 1);
  }
  return Whom{std::move(users)};
}

Result<std::optional<Whom>> parameter(const Parameters& query, std::string_view name) {
  for (const auto& [key, value] : query) {
    if (key != name) continue;
    auto read = whom(value);
    if (!read) return Refusal{read.error().reason, std::string{name} + ": " + read.error().detail};
    return std::optional{*std::move(read)};
  }
  return std::optional<Whom>{};
}

Users of_domain(const Domain& domain, const std::vector<UserId>& ids) {
  Users users;
  users[domain].insert(ids.begin(), ids.end());
  return users;
}

Strategy ignoring(const Whom& whom, const Domain& domain) {
  if (const auto* all = std::get_if<bool>(&whom)) {
    return *all ? Strategy{IgnoreAll{}} : Strategy{ReportAll{}};
  }
  return IgnoreOnly{of_domain(domain, std::get<std::vector<UserId>>(whom))};
}

Strategy reporting(const Whom& whom, const Domain& domain) {
  if (const auto* all = std::get_if<bool>(&whom)) {
    return *all ? Strategy{ReportAll{}} : Strategy{IgnoreAll{}};
  }
  return ReportOnly{of_domain(domain, std::get<std::vector<UserId>>(whom))};
}

}  // namespace

Result<Strategy> legacy_strategy(std::optional<std::vector<UserId>> listed, const Parameters& query,
                                 const Domain& domain) {
  const auto ignore = parameter(query, "ignore_missing");
  if (!ignore) return ignore.error();
  const auto report = parameter(query, "report_missing");
  if (!report) return report.error();

  if (listed) return Strategy{ReportOnly{of_domain(domain, *listed)}};
  if (*ignore) return ignoring(**ignore, domain);
  if (*report) return reporting(**report, domain);
  return Strategy{ReportAll{}};
}

}  // namespace twostep::wire
