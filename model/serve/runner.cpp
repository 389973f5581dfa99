#include "model/serve/runner.hpp"

#include <sodium.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cassert>
#include <cstdio>

#include "model/bug.hpp"

namespace twostep::model::serve {
namespace {

constexpr NodeId only_node{0};
/// From 1582-10-15 to 1970-01-01, in 100 ns.
constexpr Time unix_epoch = 0x01b21dd213814000;
constexpr Time ticks_per_millisecond = 10'000;

std::uint64_t random_bits(int bits) {
  std::uint64_t number = 0;
  randombytes_buf(&number, sizeof number);
  return number & ((std::uint64_t{1} << bits) - 1);
}

NodeStarted started() {
  constexpr std::uint64_t multicast = std::uint64_t{1} << 40;  // A node that is no network card's.
  return {.node = only_node,
          .sequence = static_cast<std::uint16_t>(random_bits(14)),
          .bits = random_bits(48) | multicast};
}

}  // namespace

Runner::Runner(boost::asio::io_context& context, const std::string& domain, IdPolicy ids, Bug bug)
    : context_{context} {
  backend_.configuration = {
      .self = backend_of(domain), .ids = ids, .profile = Profile::m1, .bug = bug};
  const auto start = started();
  backend_.nodes = {{.id = only_node, .sequence = start.sequence, .bits = start.bits}};
}

BackendId Runner::backend_of(const std::string& domain) { return domains_.number(domain); }

UserId Runner::user(const QualifiedId& id) {
  return {.home = backend_of(id.domain), .number = users_.number(id).value};
}

ConversationId Runner::conversation(const QualifiedId& id) {
  return {.owner = backend_of(id.domain), .number = conversations_.number(id).value};
}

QualifiedId Runner::name_of(UserId user) const { return users_.meaning({user.number}); }

QualifiedId Runner::name_of(ConversationId conversation) const {
  return conversations_.meaning({conversation.number});
}

Payload Runner::payload(std::string octets) {
  const Payload payload{++last_payload_};
  payloads_.emplace(payload, std::move(octets));
  unused_.insert(payload);
  return payload;
}

Time Runner::now() const {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return unix_epoch +
         std::chrono::duration_cast<std::chrono::nanoseconds>(since_1970).count() / 100;
}

void Runner::happen(Event event) {
  events_.push_back(std::move(event));
  if (busy_) return;
  busy_ = true;
  for (; !events_.empty(); events_.pop_front()) take_steps(events_.front());
  busy_ = false;
}

void Runner::take_steps(const Event& event) {
  Effects effects;
  step(backend_, event, effects);
  settle(backend_, now(), effects);
  for (const auto& effect : effects) carry_out(effect);
  if (backend_.jobs.empty()) forget_unused_payloads();
}

void Runner::carry_out(const Effect& effect) {
  struct Carrier {
    Runner& runner;
    const Effect& effect;
    void operator()(const AskClients& ask) const { runner.ports_.ask_clients(ask); }
    void operator()(const TellToStore& tell) const { runner.ports_.tell_to_store(tell); }
    void operator()(const Forward& forward) const { runner.ports_.forward(forward); }
    void operator()(const Answer& answer) const { runner.answer(answer.request, effect); }
    void operator()(const AnswerClients& answer) const { runner.answer(answer.request, effect); }
    void operator()(const AnswerStore& answer) const { runner.answer(answer.request, effect); }
    void operator()(const Stored& stored) const {
      runner.unused_.erase(stored.notification.content.payload);
      runner.unused_.erase(stored.notification.content.shared);
    }
    void operator()(const WriteFrame& frame) const { runner.ports_.write_frame(frame); }
    void operator()(const Push& push) const { runner.ports_.push(push); }
    void operator()(const CloseSocket& close) const { runner.ports_.close_socket(close); }
  };
  std::visit(Carrier{*this, effect}, effect);
}

void Runner::answer(RequestId request, const Effect& effect) {
  const auto found = waiting_.find(request);
  if (found == waiting_.end()) return;
  found->second->answer = effect;
  found->second->answered.cancel();
}

/// Of refused and of transient messages, and of those addressed to nobody.
void Runner::forget_unused_payloads() {
  for (const auto payload : unused_) payloads_.erase(payload);
  unused_.clear();
}

boost::asio::awaitable<Effect> Runner::answer_to(RequestId request, Event event) {
  Waiting waiting{.answered = boost::asio::steady_timer{context_}, .answer = std::nullopt};
  waiting_[request] = &waiting;
  happen(std::move(event));
  while (!waiting.answer) {
    waiting.answered.expires_at(boost::asio::steady_timer::time_point::max());
    co_await waiting.answered.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  }
  waiting_.erase(request);
  co_return *waiting.answer;
}

std::string uuid_of(const NotificationId& id) {
  const auto ticks = static_cast<std::uint64_t>(id.ticks);
  char text[37];
  std::snprintf(text, sizeof text, "%08llx-%04llx-1%03llx-%04x-%012llx",
                static_cast<unsigned long long>(ticks & 0xffffffff),
                static_cast<unsigned long long>(ticks >> 32 & 0xffff),
                static_cast<unsigned long long>(ticks >> 48 & 0xfff), 0x8000u | id.sequence,
                static_cast<unsigned long long>(id.node));
  return text;
}

std::optional<NotificationId> notification_id(const std::string& uuid) {
  const auto part = [&](std::size_t from, std::size_t size) {
    return std::stoull(uuid.substr(from, size), nullptr, 16);
  };
  const auto version_and_high = part(14, 4);
  const auto variant_and_sequence = part(19, 4);
  if (version_and_high >> 12 != 1 || variant_and_sequence >> 14 != 2) return std::nullopt;
  const auto ticks = (version_and_high & 0xfff) << 48 | part(9, 4) << 32 | part(0, 8);
  return NotificationId{.ticks = static_cast<Time>(ticks),
                        .sequence = static_cast<std::uint16_t>(variant_and_sequence & 0x3fff),
                        .node = part(24, 12)};
}

Moment moment_of(Time time) {
  return Moment{std::chrono::milliseconds{(time - unix_epoch) / ticks_per_millisecond}};
}

Time time_of(Moment moment) {
  return moment.time_since_epoch().count() * ticks_per_millisecond + unix_epoch;
}

}  // namespace twostep::model::serve
