#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "conformance/liar/sends.hpp"

// Faults of chapter 2: what is wrong with a socket, an event, or a native push.

namespace twostep::conformance::liar {
namespace {

using Message = proteus::QualifiedNewOtrMessage;

const Route sockets{"GET", "/await"};
const Route token_registrations{"POST", "/push/tokens"};

/// Something that hooks on many threads remember.
template <class Value>
struct Shared {
  std::mutex mutex = {};
  Value value = {};
};

/// Changes the notifications of a socket, each into any number; what else a socket carries passes.
OnFrame notification_becomes(
    std::function<std::vector<Json>(const HttpRequest& handshake, const Json& notification)>
        change) {
  return [change = std::move(change)](const HttpRequest& handshake, std::string frame) {
    const auto notification = Json::parse(frame, nullptr, false);
    if (!notification.is_object()) return std::vector{std::move(frame)};
    std::vector<std::string> frames;
    for (const auto& each : change(handshake, notification)) frames.push_back(each.dump());
    return frames;
  };
}

/// Keeps those notifications from a socket that are not to be seen there.
OnFrame only_if(std::function<bool(const HttpRequest& handshake, const Json& notification)> seen) {
  return notification_becomes(
      [seen = std::move(seen)](const HttpRequest& handshake, const Json& notification) {
        return seen(handshake, notification) ? std::vector{notification} : std::vector<Json>{};
      });
}

OnFrame each_becomes(std::function<void(Json& notification)> change) {
  return notification_becomes([change = std::move(change)](const HttpRequest&, Json notification) {
    change(notification);
    return std::vector{notification};
  });
}

bool names_a_client(const HttpRequest& handshake) { return !handshake.query("client").empty(); }

std::string socket_of(const HttpRequest& handshake) {
  return handshake.head.header("Sec-WebSocket-Key").value_or("");
}

std::string login_of(const HttpRequest& request) {
  return request.head.header("Authorization").value_or("");
}

/// The backend is asked for a socket that names no client: it gets what is for any of them, and the
/// client counts as offline.
Fault sockets_name_no_client(std::string name, std::string clause) {
  return {.name = std::move(name),
          .clause = std::move(clause),
          .on_request = request_becomes(
              sockets, [](HttpRequest& request) { request.set_query("client", ""); })};
}

enum class Survivor { oldest, newest };

/// Of all sockets with the same key only one gets frames.
Fault one_socket_of_each(std::string name, std::string clause, Survivor survivor,
                         std::function<std::string(const HttpRequest& handshake)> key) {
  const auto chosen = std::make_shared<Shared<std::map<std::string, std::string>>>();
  return {.name = std::move(name),
          .clause = std::move(clause),
          .on_request = request_becomes(sockets,
                                        [=](HttpRequest& handshake) {
                                          const std::lock_guard lock{chosen->mutex};
                                          auto& socket = chosen->value[key(handshake)];
                                          if (socket.empty() || survivor == Survivor::newest)
                                            socket = socket_of(handshake);
                                        }),
          .on_frame = only_if([=](const HttpRequest& handshake, const Json&) {
            const std::lock_guard lock{chosen->mutex};
            return chosen->value[key(handshake)] == socket_of(handshake);
          })};
}

std::string client_of(const HttpRequest& handshake) { return handshake.query("client"); }

/// Conversations are created with another login of the same client than the one that asked.
Fault the_acting_login_is_mixed_up() {
  using Logins = std::map<std::string, std::set<std::string>>;
  const auto logins = std::make_shared<Shared<Logins>>();
  return {.name = "an-event-is-echoed-to-who-caused-it",
          .clause = "DLV-06",
          .on_request = [=](HttpRequest& request) -> std::optional<HttpResponse> {
            const std::lock_guard lock{logins->mutex};
            const auto own = login_of(request);
            if (sockets.matches(request)) logins->value[request.query("client")].insert(own);
            if (!Route{"POST", "/conversations"}.matches(request)) return std::nullopt;
            for (const auto& [client, all] : logins->value) {
              if (!all.contains(own)) continue;
              for (const auto& other : all) {
                if (other != own) request.head.set_header("Authorization", other);
              }
            }
            return std::nullopt;
          }};
}

/// Counts the messages of each socket, and says what becomes of the n-th.
using Numbered = std::function<std::vector<Json>(const std::string& socket, unsigned number,
                                                 const Json& notification)>;
OnFrame numbered(Numbered change) {
  const auto counts = std::make_shared<Shared<std::map<std::string, unsigned>>>();
  return notification_becomes([=](const HttpRequest& handshake, const Json& notification) {
    if (!carries_message(notification)) return std::vector{notification};
    const auto socket = socket_of(handshake);
    std::unique_lock lock{counts->mutex};
    const auto number = ++counts->value[socket];
    lock.unlock();
    return change(socket, number, notification);
  });
}

/// The third message of a socket comes after the fourth.
Fault frames_change_places() {
  const auto third = std::make_shared<Shared<std::map<std::string, Json>>>();
  return {.name = "frames-change-places",
          .clause = "DLV-09",
          .on_frame = numbered([=](const std::string& socket, unsigned number, const Json& frame) {
            const std::lock_guard lock{third->mutex};
            if (number == 3) third->value[socket] = frame;
            if (number == 4) return std::vector{frame, third->value[socket]};
            return std::vector<Json>(number == 3 ? 0 : 1, frame);
          })};
}

/// Nothing reaches a socket before the answer to a data ping did.
Fault deaf_until_the_pong() {
  const auto ready = std::make_shared<Shared<std::set<std::string>>>();
  return {.name = "a-socket-is-deaf-until-its-pong",
          .clause = "DLV-12",
          .on_frame = [=](const HttpRequest& handshake, std::string frame) {
            const std::lock_guard lock{ready->mutex};
            if (frame == "pong") ready->value.insert(socket_of(handshake));
            const bool heard = ready->value.contains(socket_of(handshake));
            return heard ? std::vector{std::move(frame)} : std::vector<std::string>{};
          }};
}

/// What was sent on a socket is not in the inbox any more.
Fault delivered_is_done() {
  const auto delivered = std::make_shared<Shared<std::set<std::string>>>();
  return {.name = "what-was-delivered-is-taken-out-of-the-inbox",
          .clause = "DLV-13",
          .on_response = page_becomes([=](const HttpRequest&, Json& page) {
            const std::lock_guard lock{delivered->mutex};
            std::erase_if(page.get_ref<Json::array_t&>(), [&](const Json& notification) {
              return delivered->value.contains(notification.value("id", ""));
            });
          }),
          .on_frame = only_if([=](const HttpRequest&, const Json& notification) {
            const std::lock_guard lock{delivered->mutex};
            delivered->value.insert(notification.value("id", ""));
            return true;
          })};
}

std::optional<std::string> to_whom_it_was_addressed(const Sent& sent, const Reader& reader) {
  return sent.addressed_to(reader.client);
}

std::vector<Fault> faults_of_sockets() {
  return {
      {.name = "sockets-carry-nothing",
       .clause = "DLV-01",
       .on_frame = only_if([](const HttpRequest&, const Json&) { return false; })},
      {.name = "sockets-carry-messages-only",
       .clause = "DLV-01",
       .on_frame = only_if([](const HttpRequest&, const Json& notification) {
         return carries_message(notification);
       })},
      {.name = "a-frame-has-an-id-of-its-own",
       .clause = "DLV-02",
       .on_frame = each_becomes([](Json& notification) {
         notification["id"] = "00000000" + notification.value("id", "").substr(8);
       })},
      {.name = "a-frame-leaves-out-shared-data",
       .clause = "DLV-02",
       .on_frame = each_becomes([](Json& notification) {
         if (carries_message(notification)) notification["payload"][0]["data"].erase("data");
       })},
      sockets_name_no_client("a-socket-gets-what-is-for-other-clients", "DLV-03"),
      {.name = "a-socket-gets-only-what-is-for-its-client-alone",
       .clause = "DLV-03",
       .on_frame = only_if([](const HttpRequest& handshake, const Json& notification) {
         return !names_a_client(handshake) || carries_message(notification);
       })},
      {.name = "without-client-a-socket-gets-only-what-is-for-all",
       .clause = "DLV-04",
       .on_frame = only_if([](const HttpRequest& handshake, const Json& notification) {
         return names_a_client(handshake) || !carries_message(notification);
       })},
      one_socket_of_each("one-socket-for-each-client", "DLV-05", Survivor::newest, client_of),
      the_acting_login_is_mixed_up(),
      one_socket_of_each("a-second-socket-is-silent", "DLV-07", Survivor::oldest, login_of),
      {.name = "every-fifth-frame-is-sent-twice",
       .clause = "DLV-08",
       .on_frame = numbered([](const std::string&, unsigned number, const Json& notification) {
         return std::vector<Json>(number % 5 == 0 ? 2 : 1, notification);
       })},
      frames_change_places(),
      leaking("a-socket-begins-with-what-is-stored", "DLV-10", to_whom_it_was_addressed),
      {.name = "a-socket-misses-its-first-messages",
       .clause = "DLV-11",
       .on_frame = numbered([](const std::string&, unsigned number, const Json& notification) {
         return std::vector<Json>(number <= 10 ? 0 : 1, notification);
       })},
      deaf_until_the_pong(),
      delivered_is_done(),
  };
}

/// Changes the events of messages in pages.
OnResponse message_event_becomes(std::function<void(Json& event)> change) {
  return page_becomes([change = std::move(change)](const HttpRequest&, Json& page) {
    for (auto& notification : page) {
      if (carries_message(notification)) change(notification["payload"][0]);
    }
  });
}

Fault event_without(const std::string& member) {
  return {.name = "event-without-" + member,
          .clause = "DLV-14",
          .on_response = message_event_becomes([member](Json& event) { event.erase(member); })};
}

std::vector<Fault> faults_of_events() {
  return {
      event_without("conversation"),
      event_without("qualified_conversation"),
      event_without("from"),
      event_without("qualified_from"),
      event_without("time"),
      {.name = "event-mixes-up-sender-and-recipient",
       .clause = "DLV-14",
       .on_response = message_event_becomes(
           [](Json& event) { std::swap(event["data"]["sender"], event["data"]["recipient"]); })},
      {.name = "event-has-base64-without-its-end",
       .clause = "DLV-14",
       .on_response = message_event_becomes([](Json& event) {
         auto& text = event["data"]["text"].get_ref<std::string&>();
         text.erase(text.find_last_not_of('=') + 1);
       })},
      {.name = "shared-data-is-lost",
       .clause = "DLV-15",
       .on_response = message_event_becomes([](Json& event) { event["data"]["data"] = ""; })},
      {.name = "no-shared-data-is-null",
       .clause = "DLV-15",
       .on_response = message_event_becomes([](Json& event) {
         if (event["data"].value("data", "") == "") event["data"]["data"] = nullptr;
       })},
      {.name = "a-transient-message-is-stored",
       .clause = "DLV-16",
       .on_request = message_becomes([](Message& message) { message.clear_transient(); })},
      {.name = "a-transient-frame-does-not-say-so",
       .clause = "DLV-16",
       .on_frame = each_becomes([](Json& notification) { notification["transient"] = false; })},
      {.name = "every-frame-calls-itself-transient",
       .clause = "DLV-16",
       .on_frame = each_becomes([](Json& notification) { notification["transient"] = true; })},
      sockets_name_no_client("a-transient-message-reaches-every-client", "DLV-16"),
  };
}

/// Each push carries another token of the same test.
Fault pushes_go_to_another_token() {
  struct Tokens {
    std::string newest;
    std::map<std::string, std::string> other;
  };
  const auto tokens = std::make_shared<Shared<std::map<std::string, Tokens>>>();
  return {.name = "a-push-goes-to-another-token",
          .clause = "DLV-20",
          .on_response = answer_becomes(token_registrations,
                                        [=](const HttpRequest& request, HttpResponse&) {
                                          const auto body =
                                              Json::parse(request.body, nullptr, false);
                                          const auto token = body.value("token", "");
                                          const std::lock_guard lock{tokens->mutex};
                                          auto& of_test = tokens->value[test_of(request)];
                                          if (!of_test.newest.empty()) {
                                            of_test.other[token] = of_test.newest;
                                            of_test.other[of_test.newest] = token;
                                          }
                                          of_test.newest = token;
                                        }),
          .on_push = [=](HttpRequest& push) -> std::optional<HttpResponse> {
            auto body = Json::parse(push.body, nullptr, false);
            const std::lock_guard lock{tokens->mutex};
            for (const auto& [test, of_test] : tokens->value) {
              const auto other = of_test.other.find(body.value("token", ""));
              if (other != of_test.other.end()) body["token"] = other->second;
            }
            push.body = body.dump();
            return std::nullopt;
          }};
}

OnRequest push_body_becomes(std::function<void(Json& body)> change) {
  return [change = std::move(change)](HttpRequest& push) -> std::optional<HttpResponse> {
    auto body = Json::parse(push.body, nullptr, false);
    change(body);
    push.body = body.dump();
    return std::nullopt;
  };
}

/// The ciphertexts and the shared data of all messages so far are in every push.
Fault pushes_carry_content() {
  const auto contents = std::make_shared<Shared<Json>>();
  return {.name = "a-push-carries-the-message",
          .clause = "DLV-21",
          .on_request = message_becomes([=](Message& message) {
            const std::lock_guard lock{contents->mutex};
            contents->value.push_back(message.blob());
            for (const auto& user : message.recipients(0).entries()) {
              for (const auto& client : user.clients()) contents->value.push_back(client.text());
            }
          }),
          .on_push = push_body_becomes([=](Json& body) {
            const std::lock_guard lock{contents->mutex};
            body["payload"]["data"]["messages"] = contents->value;
          })};
}

/// After its first call for a token the gateway is never called with it again.
Fault gives_up_after_the_first_push() {
  const auto called = std::make_shared<Shared<std::set<std::string>>>();
  return {.name = "after-one-failure-a-token-is-not-pushed-to-again",
          .clause = "DLV-23",
          .on_push = [=](HttpRequest& push) -> std::optional<HttpResponse> {
            const auto token = Json::parse(push.body, nullptr, false).value("token", "");
            const std::lock_guard lock{called->mutex};
            if (called->value.insert(token).second) return std::nullopt;
            return answer(200, Json::object());
          }};
}

/// Sends fail in a test in which a push token was registered and somebody is pushed to.
Fault failing_pushes_fail_the_send() {
  const auto tests = std::make_shared<Shared<std::set<std::string>>>();
  return {.name = "a-failing-push-fails-the-send",
          .clause = "DLV-23",
          .on_response = [=](const HttpRequest& request, HttpResponse& response) {
            const std::lock_guard lock{tests->mutex};
            if (token_registrations.matches(request)) tests->value.insert(test_of(request));
            if (sends.matches(request) && tests->value.contains(test_of(request)))
              response = error(500, "push-failed");
          }};
}

std::vector<Fault> faults_of_pushes() {
  const auto accepted_and_dropped = [](HttpRequest&) -> std::optional<HttpResponse> {
    return answer(200, Json::object());
  };
  return {
      {.name = "native-push-false-is-ignored",
       .clause = "DLV-17",
       .on_request = message_becomes([](Message& message) { message.clear_native_push(); })},
      {.name = "native-push-false-means-not-stored",
       .clause = "DLV-17",
       .on_request = message_becomes([](Message& message) {
         if (message.has_native_push() && !message.native_push()) message.set_transient(true);
       })},
      {.name = "native-push-only-if-asked-for",
       .clause = "DLV-17",
       .on_request = message_becomes([](Message& message) {
         if (!message.has_native_push()) message.set_native_push(false);
       })},
      {.name = "the-gateway-is-never-called", .clause = "DLV-18", .on_push = accepted_and_dropped},
      {.name = "a-push-names-another-notification",
       .clause = "DLV-18",
       .on_push = push_body_becomes([](Json& body) {
         body["payload"]["data"]["id"] = "00000000-0000-1fff-8000-000000000000";
       })},
      {.name = "a-push-names-nobody",
       .clause = "DLV-18",
       .on_push = push_body_becomes([](Json& body) { body["payload"].erase("user"); })},
      sockets_name_no_client("who-is-online-is-pushed-to-as-well", "DLV-19"),
      pushes_go_to_another_token(),
      pushes_carry_content(),
      {.name = "a-dead-token-stays", .clause = "DLV-22", .on_push = accepted_and_dropped},
      {.name = "a-dead-token-goes-without-a-word",
       .clause = "DLV-22",
       .on_response = page_becomes([](const HttpRequest&, Json& page) {
         std::erase_if(page.get_ref<Json::array_t&>(), [](const Json& notification) {
           return notification["payload"][0].value("type", "") == "user.push-remove";
         });
       })},
      failing_pushes_fail_the_send(),
      gives_up_after_the_first_push(),
  };
}

}  // namespace

std::vector<Fault> deliver_faults() {
  std::vector<Fault> all;
  for (const auto& group : {faults_of_sockets, faults_of_events, faults_of_pushes}) {
    auto faults = group();
    std::move(faults.begin(), faults.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace twostep::conformance::liar
