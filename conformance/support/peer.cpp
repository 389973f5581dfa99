#include "conformance/support/peer.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <exception>
#include <list>
#include <mutex>
#include <sstream>
#include <thread>

#include "conformance/support/bytes.hpp"
#include "conformance/support/context.hpp"
#include "conformance/support/http_reply.hpp"
#include "conformance/support/outcome.hpp"
#include "conformance/support/peer_directory.hpp"
#include "conformance/support/peer_line.hpp"

namespace twostep::conformance {
namespace {

/// What is sent at a time by an answer that never ends.
constexpr std::size_t filler_bytes = 65'536;

std::atomic<std::size_t> next_number = 1;

/// A deadline for waits that end when the target or the test ends them.
constexpr auto whenever = Clock::time_point::max();

std::string fresh_domain(const std::string& pattern, const std::string& name) {
  const auto star = pattern.find('*');
  if (star == std::string::npos) throw NotCovered("federation.peers.pattern has no \"*\"");
  return pattern.substr(0, star) + name + "-" + random_hex(12) + pattern.substr(star + 1);
}

std::string rpc_of(const Request& request) {
  const std::string prefix = "/federation/";
  if (request.method == "POST" && request.path.starts_with(prefix)) {
    return request.path.substr(prefix.size());
  }
  return request.method + " " + request.path;
}

const char* word_for(Answer::Ending ending) {
  switch (ending) {
    case Answer::Ending::stays_open:
      return "";
    case Answer::Ending::closes:
      return "closes";
    case Answer::Ending::resets:
      return "resets the connection";
    case Answer::Ending::falls_silent:
      return "falls silent";
    case Answer::Ending::never_ends:
      return "never ends";
  }
  return "";
}

void record_call(const Call& call, const Answer& answer, bool setup, Clock::time_point begun) {
  const auto head_end = answer.bytes.find("\r\n\r\n");
  Json entry = {{"kind", "call"},       {"actor", call.peer},
                {"rpc", call.rpc},      {"origin", call.origin},
                {"ago_ms", ago(begun)}, {"ending", word_for(answer.ending)},
                {"setup", setup}};
  put_body(entry, "request", call.bytes);
  if (head_end == std::string::npos) {
    put_body(entry, "response", answer.bytes);
  } else {
    entry["status"] = std::atoi(answer.bytes.c_str() + answer.bytes.find(' '));
    put_body(entry, "response", answer.bytes.substr(head_end + 4));
  }
  record(entry);
}

}  // namespace

/// Something that was expected, or that is allowed.
struct Rule {
  std::string rpc;
  Answering answering;  ///< Empty: truthfully.
  bool once = true;
  bool used = false;
};

class Peer::State {
 public:
  explicit State(std::string name)
      : name_(std::move(name)),
        domain_(fresh_domain(context().target.federation->peers_pattern, name_)),
        directory_(domain_),
        line_(domain_),
        tls_(context().target.federation->authority ? tls_end({.domain = domain_}) : nullptr),
        exceptions_before_(std::uncaught_exceptions()),
        listener_([this] { listen(); }) {}

  ~State() {
    stop();
    complain();
  }

  void stop() {
    line_.hang_up();
    if (listener_.joinable()) listener_.join();
    {
      const std::lock_guard lock{mutex_};
      for (auto* stream : streams_) stream->shut_down();
    }
    conversations_.clear();  // Joins them.
  }

  const std::string& name() const { return name_; }
  const std::string& domain() const { return domain_; }
  PeerDirectory& directory() { return directory_; }

  void add(Rule rule) {
    const std::lock_guard lock{mutex_};
    rules_.push_back(std::move(rule));
  }

  Answer truth(const Call& call) const {
    const auto body = directory_.truth(call);
    return body.is_null() ? with_error(404, "no-endpoint")(call) : with_json(body)(call);
  }

  std::vector<Call> received() const {
    const std::lock_guard lock{mutex_};
    return received_;
  }

  TlsEnd tls() const {
    const std::lock_guard lock{mutex_};
    return tls_;
  }

  void set_tls(TlsEnd tls) {
    const std::lock_guard lock{mutex_};
    tls_ = std::move(tls);
  }

  void set_up(int step) {
    const std::lock_guard lock{mutex_};
    setups_ += step;
  }

 private:
  void listen() {
    while (auto stream = line_.next()) {
      {
        const std::lock_guard lock{mutex_};
        streams_.push_back(stream.get());
      }
      conversations_.emplace_back(
          [this, connection = std::shared_ptr<Stream>(std::move(stream))] { serve(*connection); });
    }
  }

  void serve(Stream& stream) {
    const auto end = tls();
    const bool open = !end || stream.secure(end, whenever) == Io::done;
    std::string buffer;
    while (const auto request = open ? read_request(stream, buffer, whenever) : std::nullopt) {
      const auto begun = Clock::now();
      const auto call = call_of(*request);
      const bool setup = is_setting_up();
      const auto answer = answering_for(call)(call);
      record_call(call, answer, setup, begun);
      if (!give(stream, answer)) break;
    }
    const std::lock_guard lock{mutex_};
    std::erase(streams_, &stream);
  }

  Call call_of(const Request& request) const {
    auto body = Json::parse(request.body, nullptr, false);
    return {.number = next_number++,
            .peer = name_,
            .rpc = rpc_of(request),
            .origin = header_in(request.headers, "Wire-Origin-Domain").value_or(""),
            .headers = request.headers,
            .bytes = request.body,
            .body = body.is_discarded() ? Json{} : std::move(body)};
  }

  bool is_setting_up() const {
    const std::lock_guard lock{mutex_};
    return setups_ > 0;
  }

  Answering answering_for(const Call& call) {
    const Answering truthfully = [this](const Call& asked) { return truth(asked); };
    const std::lock_guard lock{mutex_};
    if (setups_ > 0) return truthfully;
    received_.push_back(call);
    if (auto* rule = rule_for(call)) {
      rule->used = rule->once;
      return rule->answering ? rule->answering : truthfully;
    }
    if (call.rpc == rpc::api_version || call.rpc == rpc::get_users_by_ids) return truthfully;
    unexpected_.push_back(call);
    return with_error(500, "unexpected-by-the-test");
  }

  /// What is expected goes before what is allowed.
  Rule* rule_for(const Call& call) {
    Rule* allowed = nullptr;
    for (auto& rule : rules_) {
      if (rule.rpc != call.rpc || rule.used) continue;
      if (rule.once) return &rule;
      allowed = &rule;
    }
    return allowed;
  }

  /// False when the connection is over.
  bool give(Stream& stream, const Answer& answer) {
    if (!answer.bytes.empty() && stream.write(answer.bytes, whenever) != Io::done) return false;
    switch (answer.ending) {
      case Answer::Ending::stays_open:
        return true;
      case Answer::Ending::closes:
        return false;
      case Answer::Ending::resets: {
        const std::lock_guard lock{mutex_};
        stream.reset();
        return false;
      }
      case Answer::Ending::falls_silent: {
        std::string ignored;
        while (stream.read_some(ignored, whenever) == Io::done) ignored.clear();
        return false;
      }
      case Answer::Ending::never_ends: {
        const std::string filler(filler_bytes, ' ');
        while (stream.write(filler, whenever) == Io::done) {
        }
        return false;
      }
    }
    return false;
  }

  /// A test that could not be set up, or has thrown, cannot have seen to what was expected.
  void complain() const {
    for (const auto& call : unexpected_) {
      ADD_FAILURE() << "unexpected: " << ::testing::PrintToString(call);
    }
    if (std::uncaught_exceptions() > exceptions_before_) return;
    for (const auto& rule : rules_) {
      if (rule.once && !rule.used) {
        ADD_FAILURE() << name_ << " expected a call of " << rule.rpc << " that never came";
      }
    }
  }

  const std::string name_;
  const std::string domain_;
  PeerDirectory directory_;
  mutable std::mutex mutex_ = {};
  std::deque<Rule> rules_ = {};
  std::vector<Call> received_ = {};
  std::vector<Call> unexpected_ = {};
  std::vector<Stream*> streams_ = {};  ///< Those being served.
  int setups_ = 0;
  const PeerLine line_;
  TlsEnd tls_;  ///< None: plain HTTP.
  const int exceptions_before_;
  std::list<std::jthread> conversations_ = {};  ///< Of the listener, until it has ended.
  std::thread listener_;
};

void require_certificates() {
  const auto& federation = context().target.federation;
  if (!federation || !federation->authority) {
    throw NotCovered("the target does not offer \"federation\" with an \"authority\"");
  }
}

Peer Peer::under_test(std::string_view name) {
  if (context().peer_switchboard.empty()) {
    throw NotCovered("the target does not offer \"federation\" with \"peers\"");
  }
  return Peer{std::make_shared<State>(std::string{name})};
}

const std::string& Peer::name() const { return peer_->name(); }
const std::string& Peer::domain() const { return peer_->domain(); }

PeerUser Peer::user(std::string_view name) const {
  const QualifiedId id{random_uuid(), domain()};
  peer_->directory().add_user(id.id, std::string{name});
  return {*this, id, std::string{name}};
}

PeerDevice PeerUser::device() const {
  auto client = to_hex(*from_hex(random_hex(16)));
  peer_.peer_->directory().add_client(id_.id, client);
  return {*this, std::move(client)};
}

void Peer::expects(const std::string& rpc, int times) const {
  for (int i = 0; i < times; ++i) peer_->add({.rpc = rpc, .answering = {}});
}

void Peer::expects(const std::string& rpc, Answering answering) const {
  peer_->add({.rpc = rpc, .answering = std::move(answering)});
}

Held Peer::holds(const std::string& rpc) const {
  Held held;
  auto* state = peer_.get();  // The script does not outlive it.
  expects(rpc, held.answering([state](const Call& call) { return state->truth(call); }));
  return held;
}

void Peer::allows(const std::string& rpc, Answering answering) const {
  peer_->add({.rpc = rpc, .answering = std::move(answering), .once = false});
}

void Peer::stop() const { peer_->stop(); }

void Peer::presents(const CertificateWish& wish) const { peer_->set_tls(tls_end(wish)); }

void Peer::presents_no_certificate() const { peer_->set_tls(tls_end_without_certificate()); }

std::vector<Call> Peer::received() const { return peer_->received(); }

std::vector<Call> Peer::received(const std::string& rpc) const {
  auto calls = received();
  std::erase_if(calls, [&](const Call& call) { return call.rpc != rpc; });
  return calls;
}

Call Peer::only(const std::string& rpc) const {
  const auto calls = received(rpc);
  if (calls.size() == 1) return calls.front();
  ADD_FAILURE() << name() << " received " << calls.size() << " calls of " << rpc << ", not one";
  return {};
}

Reply Peer::call(const std::string& rpc, const Json& body) const {
  return call_as(domain(), "/federation/" + rpc, body.dump());
}

Reply Peer::call_as(const std::string& origin, const std::string& path, const std::string& body,
                    const std::string& method) const {
  Request request{.method = method,
                  .path = path,
                  .body = body,
                  .headers = {{"Host", context().target.domain},
                              {"Content-Type", "application/json"},
                              {"X-Wire-API-Version", "1"}}};
  if (!origin.empty()) request.headers.push_back({"Wire-Origin-Domain", origin});
  // A connection of its own: several calls of one peer may be under way at the same time.
  const auto& target = context().target;
  HttpClient client{name(), target.federation->url, peer_->tls(), target.domain};
  return client.send(request);
}

PeerSetup::PeerSetup(std::vector<Peer> peers) : peers_(std::move(peers)) {
  for (const auto& peer : peers_) peer.peer_->set_up(1);
}

PeerSetup::~PeerSetup() {
  for (const auto& peer : peers_) peer.peer_->set_up(-1);
}

}  // namespace twostep::conformance
