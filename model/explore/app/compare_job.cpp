// twostep-explore compare: what one federation profile allows and another does not.

#include <iostream>

#include "model/explore/app/jobs.hpp"
#include "model/explore/compare/profiles.hpp"

namespace twostep::model::explore {
namespace {

void tell(Profile one, Profile other, const std::optional<Allowed>& allowed) {
  if (!allowed) {
    std::cout << "Whatever " << name(one) << " allows, " << name(other) << " allows too.\n\n";
    return;
  }
  std::cout << name(one) << " allows, and " << name(other) << " does not:\n";
  for (const auto& step : allowed->steps) std::cout << "  " << step << '\n';
  std::cout << "of which is seen:\n";
  for (const auto& seen : allowed->seen) std::cout << "  " << seen << '\n';
  std::cout << '\n';
}

}  // namespace

int run_compare(std::span<const char* const> arguments) {
  if (arguments.size() != 2) return refuse("compare takes two profiles: m1, queued, outbox");
  const auto one = profile_named(arguments[0]);
  const auto other = profile_named(arguments[1]);
  if (!one || !other) return refuse("compare takes two profiles: m1, queued, outbox");

  const auto only_one = allowed_only_by(*one, *other, {});
  const auto only_other = allowed_only_by(*other, *one, {});
  tell(*one, *other, only_one);
  tell(*other, *one, only_other);
  return only_one || only_other ? does_not_hold : holds;
}

}  // namespace twostep::model::explore
