// twostep-reference: the reference model behind HTTP and websocket.
//
// One thread, nothing but memory: what is easiest to read, so that it can be compared with the specification
// line by line, and everything else with it.

#include <sodium.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <fstream>
#include <iostream>

#include "model/serve/chapters.hpp"
#include "model/serve/federation.hpp"
#include "model/serve/limits.hpp"
#include "model/serve/routes.hpp"

namespace {

using namespace twostep::model::serve;
namespace asio = boost::asio;

Tcp::acceptor acceptor_at(asio::io_context& context, const Address& address) {
  return {context, Tcp::endpoint{asio::ip::make_address(address.host), address.port}};
}

void list_faults() {
  for (const auto& fault : all_faults()) std::cout << fault.clause << '\t' << fault.name << '\n';
}

/// Until it is asked to stop: then sockets are told to come back elsewhere (ROB-28), and nobody is let in.
void serve(const Options& options) {
  asio::io_context context{1};
  Server server{context, options};
  Routes routes{server};
  auto acceptor = acceptor_at(context, options.listen);
  asio::co_spawn(context, listen(acceptor, routes), asio::detached);
  Federation federation{server};
  std::optional<Tcp::acceptor> peers;
  if (options.federation_listen) {
    peers.emplace(acceptor_at(context, *options.federation_listen));
    asio::co_spawn(context, listen(*peers, federation), asio::detached);
  }
  asio::steady_timer end{context};
  asio::signal_set stop{context, SIGINT, SIGTERM};
  stop.async_wait([&](boost::system::error_code, int) {
    acceptor.close();
    if (peers) peers->close();
    for (const auto& [name, socket] : std::map{server.sockets})
      socket->close(WebsocketClose::going_away);
    end.expires_after(limits::drain_time);
    end.async_wait([&](boost::system::error_code) { context.stop(); });
  });
  if (!options.pid_file.empty()) std::ofstream{options.pid_file} << getpid() << '\n';
  context.run();
}

}  // namespace

int main(int argc, char** argv) try {
  const auto options = read_options({argv + 1, argv + argc});
  if (options.help) {
    std::cout << usage();
  } else if (options.list_faults) {
    list_faults();
  } else {
    if (sodium_init() < 0) throw std::runtime_error{"no source of random numbers"};
    std::signal(SIGPIPE, SIG_IGN);
    serve(options);
  }
  return 0;
} catch (const std::exception& problem) {
  std::cerr << "twostep-reference: " << problem.what() << '\n';
  return 2;
}
