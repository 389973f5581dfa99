#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "model/inbox.hpp"
#include "model/serve/formats.hpp"
#include "model/step.hpp"

/// Runs the model: gives its numbers their meaning, takes its steps, and carries its effects out.
///
/// Shape      `happen` is the only way in for what changes; `backend` is for reading. What the model asks of
///            the world goes to `Ports`.
/// Units      The model's time is 100 ns since 1582-10-15, as in a version-1 UUID.
/// Threads    One.
namespace twostep::model::serve {

class Runner {
 public:
  /// Who carries out what. Peers answer by another event.
  struct Ports {
    std::function<void(const WriteFrame&)> write_frame;
    std::function<void(const CloseSocket&)> close_socket;
    std::function<void(const Push&)> push;
    std::function<void(const AskClients&)> ask_clients;
    std::function<void(const TellToStore&)> tell_to_store;
    std::function<void(const Forward&)> forward;
  };

  Runner(boost::asio::io_context& context, const std::string& domain, IdPolicy ids, Bug bug);
  void connect(Ports ports) { ports_ = std::move(ports); }

  // --- Meaning. Asking for the number of something new gives it one. ---

  BackendId backend_of(const std::string& domain);
  UserId user(const QualifiedId& id);
  ConversationId conversation(const QualifiedId& id);
  ConnectionId connection(const std::string& text) { return connections_.number(text); }
  TokenId token(const std::string& text) { return tokens_.number(text); }
  /// Kept only if what it is for is stored before the request ends.
  Payload payload(std::string octets);

  std::string domain_of(BackendId backend) const { return domains_.meaning(backend); }
  QualifiedId name_of(UserId user) const;
  QualifiedId name_of(ConversationId conversation) const;
  const std::string& text_of(TokenId token) const { return tokens_.meaning(token); }
  const std::string& octets_of(Payload payload) const { return payloads_.at(payload); }

  // --- Steps. ---

  const Backend& backend() const { return backend_; }
  Time now() const;
  RequestId new_request() { return {++last_request_}; }

  /// The event, whatever follows from it here, and the effects.
  void happen(Event event);

  /// The same for an event that is a request: waits for the effect that answers it.
  boost::asio::awaitable<Effect> answer_to(RequestId request, Event event);

 private:
  /// A table from numbers to what they mean, and back.
  template <class Number, class Meaning = std::string>
  class Names {
   public:
    Number number(const Meaning& meaning) {
      const auto [found, fresh] = numbers_.try_emplace(meaning, Number{});
      if (fresh) {
        found->second.value = static_cast<decltype(Number::value)>(meanings_.size());
        meanings_.push_back(meaning);
      }
      return found->second;
    }
    const Meaning& meaning(Number number) const { return meanings_.at(number.value); }

   private:
    std::map<Meaning, Number> numbers_;
    std::deque<Meaning> meanings_;
  };
  using Number = Id<struct SerialKind>;

  void take_steps(const Event& event);
  void carry_out(const Effect& effect);
  void answer(RequestId request, const Effect& effect);
  void forget_unused_payloads();

  boost::asio::io_context& context_;
  Backend backend_;
  Ports ports_;
  Names<BackendId> domains_;
  Names<Number, QualifiedId> users_;
  Names<Number, QualifiedId> conversations_;
  Names<ConnectionId> connections_;
  Names<TokenId> tokens_;
  std::map<Payload, std::string> payloads_;
  std::set<Payload> unused_;  ///< Not in an inbox.
  std::uint32_t last_payload_ = 0;
  std::uint64_t last_request_ = 0;

  std::deque<Event> events_;  ///< An effect may cause another event: it comes after this one.
  bool busy_ = false;
  struct Waiting {
    boost::asio::steady_timer answered;
    std::optional<Effect> answer;
  };
  std::map<RequestId, Waiting*> waiting_;
};

/// A notification's id as a version-1 UUID, and back; `nullopt` for a UUID of another version.
std::string uuid_of(const NotificationId& id);
std::optional<NotificationId> notification_id(const std::string& uuid);

Moment moment_of(Time time);
Time time_of(Moment moment);

}  // namespace twostep::model::serve
