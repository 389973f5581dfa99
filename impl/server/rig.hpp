#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "impl/server/listener.hpp"
#include "impl/server/serving.hpp"
#include "impl/service/fakes.hpp"
#include "impl/service/socket_registry.hpp"
#include "impl/store/memory.hpp"

/// A server on a free port of this machine, in the test's own process, and connections to it that
/// send exactly the octets they are told to.
///
/// Threads    The server has two of its own; everything else belongs to the test's.
namespace twostep::server {

/// How long a test waits for what must happen.
inline constexpr std::chrono::seconds patience{20};

class RecordingLog : public Log {
 public:
  void write(LogLevel level, std::string_view event, LogFields fields) override {
    const std::lock_guard lock{mutex_};
    text_ += log_line(level, event, fields) + "\n";
  }

  std::string text() const {
    const std::lock_guard lock{mutex_};
    return text_;
  }

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

/// A response as it came.
struct Received {
  int status = 0;
  std::map<std::string, std::string> headers;  ///< Names in lower case.
  std::string body;
};

/// One frame of a websocket. A close has its code in `close_code`, and its reason as the payload.
struct ReceivedFrame {
  int opcode = 0;
  int close_code = 0;
  std::string payload;
};

class RawConnection {
 public:
  explicit RawConnection(std::uint16_t port);

  void send(std::string_view octets);  ///< What the server no longer takes is lost in silence.
  void send_frame(int opcode, std::string_view payload, bool last = true);

  void hang_up();

  /// Everything until the server ends the connection; fails the test if it does not.
  std::string read_to_end();

  /// The next response; fails the test if there is none.
  Received read_response(bool has_body = true);

  /// The next frame; none if the server ended the connection instead.
  std::optional<ReceivedFrame> read_frame();

  /// Asks for a websocket; the status of the answer.
  int upgrade(std::string_view target);

 private:
  bool read_more();  ///< False: the connection is over.
  std::string take(std::size_t count);

  std::unique_ptr<boost::asio::io_context> context_ = std::make_unique<boost::asio::io_context>();
  boost::asio::ip::tcp::socket socket_{*context_};
  std::string received_;
};

class Rig {
 public:
  struct Options {
    Routes routes = {};  ///< Beside those that every rig has.
    Deadlines deadlines = {};
    std::size_t connections_max = 1'000;
  };

  Rig() : Rig{Options{}} {}
  explicit Rig(Options options);
  ~Rig();

  RawConnection connect() const { return RawConnection{listener->port()}; }

  /// Sends one request on a connection of its own and returns everything that came of it.
  std::string exchange(std::string_view octets) const;

  /// Stores a notification for alice.
  void notify(const std::string& event, std::vector<ClientId> targets = {});

  bool drain(std::chrono::steady_clock::duration grace);

  static const UserId alice;  ///< Whose tokens are `alice-1`, `alice-2`, …: one connection each.

  store::MemoryStore rows;
  service::FakeWorld fakes{rows};
  service::SocketRegistry registry;
  service::Backend backend;
  Metrics metrics;
  RecordingLog log;
  boost::asio::io_context context{2};
  std::unique_ptr<Api> api;
  std::unique_ptr<Listener> listener;

 private:
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      context.get_executor()};
  std::vector<std::thread> threads_;
};

/// Waits until the fact holds; fails the test if it does not come to hold.
void wait_until(const std::function<bool()>& fact);

}  // namespace twostep::server
