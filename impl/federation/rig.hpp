#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "impl/federation/certificates.hpp"
#include "impl/federation/inbound_session.hpp"
#include "impl/federation/peer_client.hpp"
#include "impl/server/listener.hpp"
#include "impl/server/rig.hpp"

/// Backends that speak with each other over real connections, in the test's own process.
///
/// Threads    Each rig has two of its own; everything else belongs to the test's.
namespace twostep::federation {

using CallOutcome = boost::system::result<service::PeerReply, service::PeerFailure>;

Domain domain_of(std::string_view text);

/// Certificates, made once for each process by scripts/test-authority.
class TestAuthority {
 public:
  static const TestAuthority& instance();
  ~TestAuthority();

  /// A certificate as it should be, of a.example, b.example or c.example.
  CertificateFiles good(std::string_view domain) const;

  /// One with which nobody may pass for b.example; `names_of_bad` has all of them.
  CertificateFiles bad(std::string_view name) const;
  std::vector<std::string> names_of_bad() const;

 private:
  TestAuthority();

  std::filesystem::path folder_;
};

/// Certificates as somebody uses them who does not look at them.
std::unique_ptr<boost::asio::ssl::context> careless_tls(const CertificateFiles& files,
                                                        boost::asio::ssl::context::method method);

/// Runs a context for a test.
class Running {
 public:
  ~Running();

  boost::asio::io_context context{2};

 protected:
  void stop();  ///< Nothing runs afterwards.

 private:
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      context.get_executor()};
  std::vector<std::thread> threads_ = run();
  std::vector<std::thread> run();
};

/// A backend as its peers see it. It answers 200 and "[]", and remembers who asked for what.
class Listening : public Running {
 public:
  struct Options {
    std::string self = "a.example";
    std::vector<std::string> peers = {"b.example", "*.peers.test"};
    std::unique_ptr<boost::asio::ssl::context> tls = nullptr;  ///< None: plain HTTP.
    InboundDeadlines deadlines = {};
  };

  Listening() : Listening{Options{}} {}
  explicit Listening(Options options);
  ~Listening();

  server::RawConnection connect() const { return server::RawConnection{listener->port()}; }

  /// Sends octets on a connection of its own and returns everything that came of it.
  std::string exchange(std::string_view octets) const;

  /// "b.example brig/api-version" for every call that was let in.
  std::vector<std::string> calls() const;

  std::string url() const;

  server::Metrics metrics;
  server::RecordingLog log;
  PeerList list;
  std::unique_ptr<boost::asio::ssl::context> tls;
  service::PeerAnswer answer = {.status = 200, .body = "[]"};  ///< To whatever is asked.
  std::optional<Inbound> inbound;
  std::unique_ptr<server::Listener> listener;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> calls_;
};

/// A backend that calls others: `--peer` as it is written for the server.
class Calling : public Running {
 public:
  struct Options {
    std::string self = "b.example";
    std::unique_ptr<boost::asio::ssl::context> tls = nullptr;
    std::optional<boost::asio::ip::udp::endpoint> dns = {};
    FoundAddresses addresses = FoundAddresses::any;
  };

  explicit Calling(std::vector<std::string> peers) : Calling{std::move(peers), Options{}} {}
  Calling(std::vector<std::string> peers, Options options);
  ~Calling();

  /// Calls and waits for what comes of it.
  CallOutcome call(std::string_view to, std::string rpc = "api-version",
                   std::chrono::milliseconds deadline = server::patience);

  /// The same, without waiting.
  std::future<CallOutcome> begin(std::string_view to, std::string rpc,
                                 std::chrono::milliseconds deadline);

  server::Metrics metrics;
  server::RecordingLog log;
  PeerList list;
  Discovery discovery;
  std::unique_ptr<boost::asio::ssl::context> tls;
  std::optional<PeerClient> client;
};

/// Somebody who listens and does what the test says with each connection.
class Stranger : public Running {
 public:
  using Script = std::function<boost::asio::awaitable<void>(boost::asio::ip::tcp::socket&)>;

  explicit Stranger(Script script);
  ~Stranger();

  std::string url() const;
  std::size_t connections() const { return connections_; }

 private:
  boost::asio::awaitable<void> accept();

  const Script script_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::atomic<std::size_t> connections_{0};
};

/// Reads a request to its end, and answers with these octets.
Stranger::Script says(std::string octets);

/// Answers before anything was asked.
Stranger::Script says_at_once(std::string octets);

/// Reads, and never says anything.
Stranger::Script says_nothing();

}  // namespace twostep::federation
