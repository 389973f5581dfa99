#include "impl/federation/rig.hpp"

#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>
#include <cstdlib>
#include <future>
#include <stdexcept>
#include <utility>

namespace twostep::federation {

namespace net = boost::asio;
namespace ssl = boost::asio::ssl;
using net::ip::tcp;

namespace {

constexpr auto quietly = net::as_tuple(net::use_awaitable);
const tcp::endpoint free_port{net::ip::address_v4::loopback(), 0};

PeerList peer_list(std::string_view self, const std::vector<std::string>& texts) {
  std::vector<Peer> peers;
  for (const auto& text : texts) peers.push_back(Peer::parse(text).value());
  return PeerList{domain_of(self), std::move(peers)};
}

net::awaitable<void> read_to_end(tcp::socket& socket) {
  std::string received;
  co_await net::async_read(socket, net::dynamic_buffer(received), quietly);
}

std::string url_of(std::string_view scheme, std::uint16_t port) {
  return std::string{scheme} + "://127.0.0.1:" + std::to_string(port);
}

}  // namespace

Domain domain_of(std::string_view text) { return Domain::parse(text).value(); }

const TestAuthority& TestAuthority::instance() {
  static const TestAuthority authority;
  return authority;
}

TestAuthority::TestAuthority()
    : folder_{testing::TempDir() + "twostep_authority." + std::to_string(getpid())} {
  const std::string script = TWOSTEP_TEST_AUTHORITY;
  const auto made = script + ' ' + folder_.native() + " a.example b.example c.example && " +
                    script + " --bad " + folder_.native() + " b.example";
  if (std::system(made.c_str()) != 0) throw std::runtime_error{"no certificates: " + made};
}

TestAuthority::~TestAuthority() { std::filesystem::remove_all(folder_); }

CertificateFiles TestAuthority::good(std::string_view domain) const {
  const auto base = folder_ / domain;
  return {.certificate = base.native() + ".pem",
          .key = base.native() + ".key",
          .authority = folder_ / "authority.pem"};
}

CertificateFiles TestAuthority::bad(std::string_view name) const {
  return good("bad/" + std::string{name});
}

std::vector<std::string> TestAuthority::names_of_bad() const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator{folder_ / "bad"}) {
    const auto name = entry.path().stem().native();
    const bool is_of_authority =
        name == "other-authority" || (name.starts_with("long-") && name != "long-chain");
    if (entry.path().extension() == ".pem" && !is_of_authority) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::unique_ptr<ssl::context> careless_tls(const CertificateFiles& files,
                                           ssl::context::method method) {
  auto context = std::make_unique<ssl::context>(method);
  SSL_CTX_set_security_level(context->native_handle(), 0);
  if (!files.certificate.empty()) {
    context->use_certificate_chain_file(files.certificate.native());
    context->use_private_key_file(files.key.native(), ssl::context::pem);
  }
  context->set_verify_mode(ssl::verify_none);
  return context;
}

std::vector<std::thread> Running::run() {
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) threads.emplace_back([this] { context.run(); });
  return threads;
}

void Running::stop() {
  context.stop();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

Running::~Running() { stop(); }

Listening::Listening(Options options)
    : list{peer_list(options.self, options.peers)}, tls{std::move(options.tls)} {
  const auto answer_all =
      [this](service::PeerRequest request) -> net::awaitable<service::PeerAnswer> {
    const std::lock_guard lock{mutex_};
    calls_.push_back(request.origin.text() + ' ' + request.component + '/' + request.rpc);
    co_return answer;
  };
  inbound.emplace(Inbound{.peers = list,
                          .tls = tls.get(),
                          .answer = answer_all,
                          .metrics = metrics,
                          .log = log,
                          .deadlines = options.deadlines});
  const auto serve = [this](tcp::socket socket, server::Sessions::Seat& seat) {
    return serve_peer(std::move(socket), *inbound, seat);
  };
  listener = std::make_unique<server::Listener>(context, free_port, serve, log);
  listener->start();
}

Listening::~Listening() {
  EXPECT_TRUE(net::co_spawn(context, listener->drain(server::patience), net::use_future).get());
  stop();
}

std::string Listening::exchange(std::string_view octets) const {
  auto connection = connect();
  connection.send(octets);
  return connection.read_to_end();
}

std::vector<std::string> Listening::calls() const {
  const std::lock_guard lock{mutex_};
  return calls_;
}

std::string Listening::url() const { return url_of(tls ? "https" : "http", listener->port()); }

Calling::Calling(std::vector<std::string> peers, Options options)
    : list{peer_list(options.self, peers)},
      discovery{Dns{context.get_executor(), options.dns}, options.addresses},
      tls{std::move(options.tls)} {
  client.emplace(context.get_executor(), Outbound{.self = domain_of(options.self),
                                                  .peers = list,
                                                  .discovery = discovery,
                                                  .tls = tls.get(),
                                                  .metrics = metrics,
                                                  .log = log});
}

Calling::~Calling() { stop(); }

std::future<CallOutcome> Calling::begin(std::string_view to, std::string rpc,
                                        std::chrono::milliseconds deadline) {
  // Not a coroutine, so that the call is made from values that outlive this.
  auto calling = client->call({.to = domain_of(to),
                               .component = service::Component::brig,
                               .rpc = std::move(rpc),
                               .body = "[]",
                               .deadline = deadline});
  auto outcome = std::make_shared<std::promise<CallOutcome>>();
  net::co_spawn(context, std::move(calling),
                [outcome](std::exception_ptr failure, CallOutcome had) {
                  if (failure)
                    outcome->set_exception(failure);
                  else
                    outcome->set_value(std::move(had));
                });
  return outcome->get_future();
}

CallOutcome Calling::call(std::string_view to, std::string rpc,
                          std::chrono::milliseconds deadline) {
  return begin(to, std::move(rpc), deadline).get();
}

Stranger::Stranger(Script script) : script_{std::move(script)}, acceptor_{context, free_port} {
  net::co_spawn(context, accept(), net::detached);
}

Stranger::~Stranger() { stop(); }

std::string Stranger::url() const { return url_of("http", acceptor_.local_endpoint().port()); }

net::awaitable<void> Stranger::accept() {
  for (;;) {
    auto socket =
        std::make_shared<tcp::socket>(co_await acceptor_.async_accept(net::use_awaitable));
    ++connections_;
    net::co_spawn(context, script_(*socket), [socket](std::exception_ptr) {});
  }
}

Stranger::Script says(std::string octets) {
  return [octets = std::move(octets)](tcp::socket& socket) -> net::awaitable<void> {
    std::string received;
    co_await net::async_read_until(socket, net::dynamic_buffer(received), "\r\n\r\n[]", quietly);
    co_await net::async_write(socket, net::buffer(octets), quietly);
  };
}

Stranger::Script says_at_once(std::string octets) {
  return [octets = std::move(octets)](tcp::socket& socket) -> net::awaitable<void> {
    co_await net::async_write(socket, net::buffer(octets), quietly);
    co_await read_to_end(socket);
  };
}

Stranger::Script says_nothing() {
  return [](tcp::socket& socket) { return read_to_end(socket); };
}

}  // namespace twostep::federation
