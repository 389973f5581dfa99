#include "impl/federation/dns.hpp"

#include <ares.h>
#include <netdb.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "impl/federation/limits.hpp"

namespace twostep::federation {
namespace {

namespace net = boost::asio;
namespace ip = boost::asio::ip;

constexpr auto quietly = net::as_tuple(net::use_awaitable);

/// One question: the library's state, the sockets that it opened, and what it waits for.
///
/// Threads    Belongs to a strand.
class Question : public std::enable_shared_from_this<Question> {
 public:
  explicit Question(const net::any_io_executor& strand) : wake_{strand}, answered_{strand} {}

  ~Question() { close(); }

  /// Calls back for whatever has no answer yet; afterwards nothing does.
  void close() {
    if (channel_) ares_destroy(channel_);
    channel_ = nullptr;
    wake_.cancel();
  }

  bool open(const std::optional<ip::udp::endpoint>& server) {
    static std::once_flag once;
    std::call_once(once, [] { ares_library_init(ARES_LIB_INIT_ALL); });
    ares_options options{};
    options.sock_state_cb = [](void* self, ares_socket_t socket, int read, int write) {
      static_cast<Question*>(self)->watch(socket, read != 0, write != 0);
    };
    options.sock_state_cb_data = this;
    options.timeout = static_cast<int>(limits::dns_try.count());
    options.tries = limits::dns_tries;
    // No domains to search: a name means the same here as everywhere.
    constexpr int given =
        ARES_OPT_SOCK_STATE_CB | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_DOMAINS;
    if (ares_init_options(&channel_, &options, given) != ARES_SUCCESS) return false;
    if (!server) return true;
    const auto text = (server->address().is_v6() ? '[' + server->address().to_string() + ']'
                                                 : server->address().to_string()) +
                      ':' + std::to_string(server->port());
    return ares_set_servers_ports_csv(channel_, text.c_str()) == ARES_SUCCESS;
  }

  /// Waits until `answered` was called, but no longer than until the deadline.
  net::awaitable<void> wait(Dns::Deadline deadline) {
    arm_timer();
    answered_.expires_at(has_answer_ ? Dns::Deadline::min() : deadline);
    co_await answered_.async_wait(quietly);
    close();
  }

  void answered() {
    has_answer_ = true;
    answered_.cancel();
  }

  ares_channel channel() const { return channel_; }

 private:
  struct Socket {
    net::posix::stream_descriptor descriptor;
    bool reads = false;
    bool writes = false;
    bool waits_to_read = false;
    bool waits_to_write = false;
  };

  void watch(ares_socket_t socket, bool reads, bool writes) {
    auto known = sockets_.find(socket);
    if (!reads && !writes) {
      if (known == sockets_.end()) return;
      known->second->descriptor.release();  // The library closes it.
      sockets_.erase(known);
      return;
    }
    if (known == sockets_.end()) {
      auto fresh = std::make_shared<Socket>(
          Socket{net::posix::stream_descriptor{wake_.get_executor(), socket}});
      known = sockets_.emplace(socket, std::move(fresh)).first;
    }
    known->second->reads = reads;
    known->second->writes = writes;
    arm(known->second);
  }

  void arm(const std::shared_ptr<Socket>& socket) {
    using Descriptor = net::posix::stream_descriptor;
    if (socket->reads && !std::exchange(socket->waits_to_read, true)) {
      socket->descriptor.async_wait(Descriptor::wait_read,
                                    [self = weak_from_this(), socket](const auto& error) {
                                      socket->waits_to_read = false;
                                      if (const auto alive = self.lock())
                                        alive->ready(error, socket, true);
                                    });
    }
    if (socket->writes && !std::exchange(socket->waits_to_write, true)) {
      socket->descriptor.async_wait(Descriptor::wait_write,
                                    [self = weak_from_this(), socket](const auto& error) {
                                      socket->waits_to_write = false;
                                      if (const auto alive = self.lock())
                                        alive->ready(error, socket, false);
                                    });
    }
  }

  void ready(const boost::system::error_code& error, const std::shared_ptr<Socket>& socket,
             bool to_read) {
    if (error || !channel_ || !socket->descriptor.is_open()) return;
    const auto number = socket->descriptor.native_handle();
    ares_process_fd(channel_, to_read ? number : ARES_SOCKET_BAD,
                    to_read ? ARES_SOCKET_BAD : number);
    if (socket->descriptor.is_open()) arm(socket);
    arm_timer();
  }

  // The library repeats what got lost on the way, but has no clock.
  void arm_timer() {
    timeval most{.tv_sec = 1, .tv_usec = 0};
    timeval left{};
    const auto* const next = ares_timeout(channel_, &most, &left);
    wake_.expires_after(std::chrono::seconds{next->tv_sec} +
                        std::chrono::microseconds{next->tv_usec});
    wake_.async_wait([self = weak_from_this()](const auto& cancelled) {
      const auto alive = self.lock();
      if (cancelled || !alive || !alive->channel_) return;
      ares_process_fd(alive->channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
      alive->arm_timer();
    });
  }

  ares_channel channel_ = nullptr;
  net::steady_timer wake_;
  net::steady_timer answered_;
  std::map<ares_socket_t, std::shared_ptr<Socket>> sockets_;
  bool has_answer_ = false;
};

DnsFailure failure_of(int status) {
  return status == ARES_ENOTFOUND || status == ARES_ENODATA ? DnsFailure::no_such_name
                                                            : DnsFailure::failed;
}

/// A question together with what came of it.
template <class T>
struct Pending {
  explicit Pending(std::shared_ptr<Question> asked) : question{std::move(asked)} {}
  ~Pending() { question->close(); }  // Before what it would call back is gone.
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;

  std::shared_ptr<Question> question;
  boost::system::result<std::vector<T>, DnsFailure> answer = DnsFailure::failed;

  void keep(boost::system::result<std::vector<T>, DnsFailure> kept) {
    answer = std::move(kept);
    question->answered();
  }
};

void take_services(void* pending, int status, int, unsigned char* octets, int size) {
  auto& to = *static_cast<Pending<ServiceTarget>*>(pending);
  ares_srv_reply* first = nullptr;
  if (status == ARES_SUCCESS) status = ares_parse_srv_reply(octets, size, &first);
  if (status != ARES_SUCCESS) return to.keep(failure_of(status));
  std::vector<ServiceTarget> targets;
  for (const auto* reply = first; reply; reply = reply->next) {
    targets.push_back({reply->priority, reply->weight, reply->host, reply->port});
  }
  ares_free_data(first);
  std::stable_sort(targets.begin(), targets.end(), [](const auto& left, const auto& right) {
    return left.priority < right.priority;
  });
  // A single target of "." says that the service is not offered (RFC 2782).
  if (targets.empty() || targets.front().host.empty() || targets.front().host == ".") {
    return to.keep(DnsFailure::no_such_name);
  }
  to.keep(std::move(targets));
}

void take_addresses(void* pending, int status, int, ares_addrinfo* found) {
  auto& to = *static_cast<Pending<ip::address>*>(pending);
  if (status != ARES_SUCCESS) return to.keep(failure_of(status));
  std::vector<ip::address> addresses;
  for (const auto* node = found->nodes; node; node = node->ai_next) {
    ip::udp::endpoint endpoint;
    if (node->ai_addrlen > endpoint.capacity()) continue;
    std::copy_n(reinterpret_cast<const char*>(node->ai_addr), node->ai_addrlen,
                reinterpret_cast<char*>(endpoint.data()));
    addresses.push_back(endpoint.address());
  }
  ares_freeaddrinfo(found);
  if (addresses.empty()) return to.keep(DnsFailure::no_such_name);
  to.keep(std::move(addresses));
}

// Asks on a strand of its own. `ask` hands the question to the library.
template <class T, class Ask>
Dns::Answer<T> ask_alone(net::any_io_executor executor, std::optional<ip::udp::endpoint> server,
                         Dns::Deadline deadline, Ask ask) {
  const auto strand = net::any_io_executor{net::make_strand(executor)};
  auto run = [](net::any_io_executor on, std::optional<ip::udp::endpoint> at, Dns::Deadline until,
                Ask asked) -> Dns::Answer<T> {
    Pending<T> pending{std::make_shared<Question>(on)};
    if (!pending.question->open(at)) co_return DnsFailure::failed;
    asked(pending.question->channel(), &pending);
    co_await pending.question->wait(until);
    co_return std::move(pending.answer);
  };
  auto asking = run(strand, std::move(server), deadline, std::move(ask));
  co_return co_await net::co_spawn(strand, std::move(asking), net::use_awaitable);
}

}  // namespace

void throw_exception_from_error(DnsFailure, const boost::source_location&) {
  throw std::logic_error{"value taken from a question without an answer"};
}

Dns::Dns(net::any_io_executor executor, std::optional<ip::udp::endpoint> server)
    : executor_{std::move(executor)}, server_{std::move(server)} {}

Dns::Answer<ServiceTarget> Dns::services(std::string name, Deadline deadline) const {
  const auto ask = [name = std::move(name)](ares_channel channel, void* pending) {
    constexpr int internet = 1;
    constexpr int srv = 33;
    ares_query(channel, name.c_str(), internet, srv, take_services, pending);
  };
  return ask_alone<ServiceTarget>(executor_, server_, deadline, ask);
}

Dns::Answer<ip::address> Dns::addresses(std::string host, Deadline deadline) const {
  const auto ask = [host = std::move(host)](ares_channel channel, void* pending) {
    ares_addrinfo_hints hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_flags = ARES_AI_NOSORT;
    ares_getaddrinfo(channel, host.c_str(), nullptr, &hints, take_addresses, pending);
  };
  return ask_alone<ip::address>(executor_, server_, deadline, ask);
}

}  // namespace twostep::federation
