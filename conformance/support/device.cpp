#include "conformance/support/device.hpp"

#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "conformance/support/context.hpp"
#include "conformance/support/outcome.hpp"

namespace twostep::conformance {
namespace {

std::string shown(const Reply& reply) {
  std::ostringstream out;
  PrintTo(reply, &out);
  return out.str();
}

std::string with_query(const std::string& path, const std::vector<std::string>& parameters) {
  std::string result = path;
  char separator = '?';
  for (const auto& parameter : parameters) {
    result += separator + parameter;
    separator = '&';
  }
  return result;
}

}  // namespace

struct Device::State {
  User user;
  std::string client;
};

Device::Device(User user, std::string name, std::string client, std::string token)
    : Caller(std::move(name), std::move(token)),
      device_(std::make_shared<State>(State{std::move(user), std::move(client)})) {}

const User& Device::user() const { return device_->user; }
const std::string& Device::id() const { return device_->client; }
Address Device::address() const { return {user().id(), id()}; }

Reply Device::send(const Conversation& chat, const Recipients& recipients,
                   const SendOptions& options) const {
  return post_message(chat, encode_message(id(), recipients, options));
}

Reply Device::must_send(const Conversation& chat, const Recipients& recipients,
                        const SendOptions& options) const {
  const auto reply = send(chat, recipients, options);
  require_setup(reply, {201}, name() + " sends");
  return reply;
}

Reply Device::post_message(const Conversation& chat, const std::string& bytes,
                           const std::string& content_type) const {
  return request("POST", chat.path() + "/proteus/messages", bytes, {.content_type = content_type});
}

Reply Device::send_legacy_json(const Conversation& chat, const Recipients& recipients,
                               const LegacyOptions& options) const {
  const auto path = chat.legacy_path() + "/otr/messages";
  return post(options.query.empty() ? path : path + "?" + options.query,
              legacy_json(id(), recipients, options));
}

Reply Device::send_legacy_protobuf(const Conversation& chat, const Recipients& recipients,
                                   const LegacyOptions& options) const {
  const auto path = chat.legacy_path() + "/otr/messages";
  return request("POST", options.query.empty() ? path : path + "?" + options.query,
                 legacy_protobuf(id(), recipients, options),
                 {.content_type = "application/x-protobuf"});
}

Reply Device::page(const PageOptions& options) const {
  std::vector<std::string> parameters;
  if (options.since) parameters.push_back("since=" + *options.since);
  if (options.client) {
    parameters.push_back("client=" + *options.client);
  } else if (options.filtered) {
    parameters.push_back("client=" + id());
  }
  if (options.size) parameters.push_back("size=" + *options.size);
  return get(with_query("/notifications", parameters));
}

Notifications Device::catch_up(const PageOptions& options) const {
  Notifications all;
  std::set<std::string> known;
  auto next = options;
  for (;;) {
    const auto reply = page(next);
    if (reply.status != 200) {
      ADD_FAILURE() << name() << " cannot catch up: " << shown(reply);
      return all;
    }
    const auto received = notifications_in(reply);
    for (const auto& notification : received.list()) {
      if (!known.insert(notification.id).second) {
        ADD_FAILURE() << name() << " caught up twice on " << notification.id;
        return all;
      }
      all.add(notification);
    }
    if (!has_more(reply)) return all;
    if (received.empty()) {
      ADD_FAILURE() << name() << " got an empty page with has_more";
      return all;
    }
    next.since = received.newest();
  }
}

Reply Device::last_notification(bool filtered) const {
  return get(filtered ? "/notifications/last?client=" + id() : "/notifications/last");
}

Reply Device::notification(const std::string& notification_id, bool filtered) const {
  const auto path = "/notifications/" + notification_id;
  return get(filtered ? path + "?client=" + id() : path);
}

std::string Device::newest() const {
  const auto reply = last_notification();
  require_setup(reply, {200}, "the newest notification of " + name());
  if (!reply.json.is_object() || !reply.json.contains("id")) {
    throw SetupFailed("the newest notification of " + name() + " has no id");
  }
  return reply.json["id"].get<std::string>();
}

Socket Device::open_socket(const SocketOptions& options) const {
  auto wanted = options;
  if (wanted.path.empty()) wanted.path = "/await?client=" + id();
  std::vector<Header> headers;
  if (wanted.token_in_query) {
    wanted.path += (wanted.path.find('?') == std::string::npos ? "?" : "&");
    wanted.path += "access_token=" + token();
  } else {
    headers.push_back({"Authorization", "Bearer " + token()});
  }
  Socket socket{name(), context().target.websocket, headers, wanted};
  if (socket.refusal()) {
    throw SetupFailed("opening the websocket of " + name() + ": " + shown(*socket.refusal()));
  }
  return socket;
}

Reply Device::register_push_token(const PushToken& token) const {
  return post("/push/tokens", {{"transport", token.transport},
                               {"app", token.app},
                               {"token", token.token},
                               {"client", id()}});
}

Reply Device::delete_push_token(const std::string& token) const {
  return del("/push/tokens/" + token);
}

Reply Device::claim_prekeys(const std::vector<Address>& addresses) const {
  Json body = Json::object();
  for (const auto& [of, client] : addresses) body[of.domain][of.id].push_back(client);
  return post("/users/list-prekeys", body);
}

Reply Device::remove() const {
  return user().del_with("/clients/" + id(), {{"password", user().password()}});
}

}  // namespace twostep::conformance
