#include "conformance/liar/sends.hpp"

#include <openssl/evp.h>

#include <charconv>
#include <mutex>
#include <set>
#include <utility>

namespace twostep::conformance::liar {
namespace {

std::string base64(const std::string& bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const auto* in = reinterpret_cast<const unsigned char*>(bytes.data());
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), in,
                                     static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

Sent sent_in(const HttpRequest& request, const HttpResponse& response) {
  const auto message = message_in(request);
  Sent sent{
      test_of(request), client_text(message.sender()), {}, response.status(), response.json()};
  for (const auto& domain : message.recipients()) {
    for (const auto& user : domain.entries()) {
      for (const auto& client : user.clients()) {
        sent.copies.push_back({client_text(client.client()), client.text()});
      }
    }
  }
  return sent;
}

/// Everything that was sent, and who has got what of it by mistake.
class Leaks {
 public:
  explicit Leaks(Leak leak) : leak_(std::move(leak)) {}

  void hear(const HttpRequest& request, const HttpResponse& response) {
    ledger_.hear(request, response);
    if (!sends.matches(request)) return;
    const std::lock_guard lock{mutex_};
    sent_.push_back(sent_in(request, response));
  }

  /// Notifications that the reader who makes this request gets, each once.
  std::vector<Json> for_reader(const HttpRequest& request, const char* way) {
    const Reader reader{ledger_.user_of(request), request.query("client")};
    const auto test = test_of(request);
    const std::lock_guard lock{mutex_};
    std::vector<Json> notifications;
    for (std::size_t i = 0; i < sent_.size(); ++i) {
      if (sent_[i].test != test) continue;
      const auto ciphertext = leak_(sent_[i], reader);
      if (!ciphertext || !given_.insert({i, way + reader.user + reader.client}).second) continue;
      notifications.push_back(notification(sent_[i], reader, *ciphertext));
    }
    return notifications;
  }

 private:
  Json notification(const Sent& sent, const Reader& reader, const std::string& ciphertext) {
    char id[64];
    std::snprintf(id, sizeof id, "%08x-0000-1fff-8000-000000000000", ++ids_given_);
    const Json data = {
        {"sender", sent.sender}, {"recipient", reader.client}, {"text", base64(ciphertext)}};
    const Json event = {{"type", "conversation.otr-message-add"}, {"data", data}};
    return {{"id", id}, {"payload", {event}}};
  }

  const Leak leak_;
  Ledger ledger_;
  std::mutex mutex_;
  std::vector<Sent> sent_;
  std::set<std::pair<std::size_t, std::string>> given_;
  unsigned ids_given_ = 0;
};

}  // namespace

proteus::QualifiedNewOtrMessage message_in(const HttpRequest& request) {
  proteus::QualifiedNewOtrMessage message;
  message.ParsePartialFromString(request.body);
  return message;
}

OnRequest message_becomes(
    std::function<void(const HttpRequest&, proteus::QualifiedNewOtrMessage&)> change) {
  return request_becomes(sends, [change = std::move(change)](HttpRequest& request) {
    auto message = message_in(request);
    change(request, message);
    request.body = message.SerializePartialAsString();
  });
}

OnRequest message_becomes(std::function<void(proteus::QualifiedNewOtrMessage&)> change) {
  return message_becomes(
      [change = std::move(change)](const HttpRequest&, proteus::QualifiedNewOtrMessage& message) {
        change(message);
      });
}

OnResponse sending_status_becomes(
    std::function<void(const HttpRequest&, HttpResponse&, Json&)> change) {
  return answer_becomes(
      sends, [change = std::move(change)](const HttpRequest& request, HttpResponse& response) {
        auto status = response.json();
        if (!status.is_object() || !status.contains("missing")) return;
        change(request, response, status);
        response.set_json(status);
      });
}

std::string client_text(const proteus::ClientId& client) {
  char text[16];
  const auto end = std::to_chars(text, text + sizeof text, client.client(), 16).ptr;
  return {text, end};
}

std::string domain_of(const HttpRequest& send) {
  constexpr std::size_t begin = std::string_view{"/conversations/"}.size();
  const auto path = send.path();
  return path.substr(begin, path.find('/', begin) - begin);
}

Json nothing_to_report() {
  const auto empty = Json::object();
  return {{"time", "2001-01-01T00:00:00.000Z"},
          {"missing", empty},
          {"redundant", empty},
          {"deleted", empty},
          {"failed_to_send", empty}};
}

bool carries_message(const Json& notification) {
  return notification["payload"][0].value("type", "") == "conversation.otr-message-add";
}

OnResponse page_becomes(std::function<void(const HttpRequest&, Json&)> change) {
  return answer_becomes(
      pages, [change = std::move(change)](const HttpRequest& request, HttpResponse& response) {
        auto page = response.json();
        if (!page.is_object() || !page.contains("notifications")) return;
        change(request, page["notifications"]);
        response.set_json(page);
      });
}

std::optional<std::string> Sent::addressed_to(const std::string& client) const {
  for (const auto& copy : copies) {
    if (copy.client == client) return copy.ciphertext;
  }
  return std::nullopt;
}

bool Sent::reports(const char* map, const std::string& user) const {
  if (!answer.is_object() || !answer.contains(map)) return false;
  for (const auto& users : answer[map]) {
    if (users.contains(user)) return true;
  }
  return false;
}

Fault leaking(std::string name, std::string clause, Leak leak) {
  const auto leaks = std::make_shared<Leaks>(std::move(leak));
  const auto leak_into_page = page_becomes([leaks](const HttpRequest& request, Json& page) {
    for (auto& notification : leaks->for_reader(request, "inbox of ")) page.push_back(notification);
  });
  return {.name = std::move(name),
          .clause = std::move(clause),
          .on_response =
              [leaks, leak_into_page](const HttpRequest& request, HttpResponse& response) {
                leaks->hear(request, response);
                leak_into_page(request, response);
              },
          .on_frame =
              [leaks](const HttpRequest& handshake, std::string frame) {
                std::vector<std::string> frames;
                for (const auto& notification : leaks->for_reader(handshake, "socket of ")) {
                  frames.push_back(notification.dump());
                }
                frames.push_back(std::move(frame));
                return frames;
              }};
}

}  // namespace twostep::conformance::liar
