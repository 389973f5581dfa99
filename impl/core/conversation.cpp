#include "impl/core/conversation.hpp"

namespace twostep {

std::string_view name_of(Role role) {
  switch (role) {
    case Role::admin:
      return "wire_admin";
    case Role::member:
      return "wire_member";
  }
  return {};
}

std::optional<Role> role_named(std::string_view name) {
  for (const auto role : roles) {
    if (name_of(role) == name) return role;
  }
  return std::nullopt;
}

}  // namespace twostep
