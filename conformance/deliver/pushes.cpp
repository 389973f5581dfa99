#include "conformance/deliver/pushes.hpp"

#include "conformance/support/patience.hpp"

namespace twostep::conformance {

std::string pushed_to(const Device& device, const PushSink& gateway) {
  const auto token = gateway.token();
  require_setup(device.register_push_token({token}), {201}, "registering a push token");
  return token;
}

std::vector<std::string> ids_of(const std::vector<Push>& pushes) {
  std::vector<std::string> ids;
  for (const auto& push : pushes) {
    const Json::json_pointer id{"/payload/data/id"};
    const bool named = push.body.contains(id) && push.body[id].is_string();
    ids.push_back(named ? push.body[id].get<std::string>() : "?");
  }
  return ids;
}

bool becomes_true(const std::function<bool()>& fact) {
  const auto until = deadline();
  do {
    if (fact()) return true;
  } while (Clock::now() < until);
  return false;
}

}  // namespace twostep::conformance
