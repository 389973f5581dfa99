#include "conformance/support/user.hpp"

#include <atomic>

#include "conformance/support/context.hpp"
#include "conformance/support/device.hpp"
#include "conformance/support/outcome.hpp"

namespace twostep::conformance {

struct User::State {
  State(QualifiedId qualified_id, std::string email_, std::string password_, std::string cookie_)
      : id(std::move(qualified_id)),
        email(std::move(email_)),
        password(std::move(password_)),
        cookie(std::move(cookie_)) {}

  const QualifiedId id;
  const std::string email;
  const std::string password;
  const std::string cookie;
  std::atomic<int> devices = 0;
};

User::User(std::string name, QualifiedId id, std::string email, std::string password,
           std::string token, std::string cookie)
    : Caller(std::move(name), std::move(token)),
      user_(std::make_shared<State>(std::move(id), std::move(email), std::move(password),
                                    std::move(cookie))) {}

const QualifiedId& User::id() const { return user_->id; }
const std::string& User::email() const { return user_->email; }
const std::string& User::password() const { return user_->password; }
const std::string& User::cookie() const { return user_->cookie; }

Json User::device_body(const DeviceOptions& options) const {
  Json body = {{"type", options.type},
               {"prekeys", prekeys(1, options.prekeys)},
               {"lastkey", prekey(65'535)}};
  if (options.with_password) body["password"] = password();
  if (options.device_class) body["class"] = *options.device_class;
  if (options.label) body["label"] = *options.label;
  if (options.cookie) body["cookie"] = *options.cookie;
  if (options.model) body["model"] = *options.model;
  if (!options.capabilities.is_null()) body["capabilities"] = options.capabilities;
  return body;
}

Device User::device(const DeviceOptions& options, const std::string& device_name) const {
  const int number = ++user_->devices;
  const auto who = !device_name.empty() ? device_name
                   : number == 1        ? name()
                                        : name() + "-" + std::to_string(number);
  const auto reply = post("/clients", device_body(options));
  require_setup(reply, {201}, "registering a device of " + name());
  if (!reply.json.is_object() || !reply.json.contains("id")) {
    throw SetupFailed("registering a device of " + name() + ": the reply has no \"id\"");
  }
  return {*this, who, reply.json["id"].get<std::string>(), new_token()};
}

std::string User::new_token() const {
  const auto reply =
      request("POST", "/access", "",
              {.content_type = "", .headers = {cookie_header(cookie())}, .authorized = false});
  require_setup(reply, {200}, "a new access token for " + name());
  if (!reply.json.is_object() || !reply.json.contains("access_token")) {
    throw SetupFailed("a new access token for " + name() + ": the reply has none");
  }
  return reply.json["access_token"].get<std::string>();
}

}  // namespace twostep::conformance
