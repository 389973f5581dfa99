#include "impl/app/process.hpp"

#include <pthread.h>
#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <thread>
#include <vector>

#include "impl/app/node.hpp"
#include "impl/app/wait_for.hpp"
#include "impl/server/limits.hpp"
#include "impl/store/export.hpp"

namespace twostep::app {
namespace {

namespace net = boost::asio;

/// Runs a context on several threads, until destroyed.
class Threads {
 public:
  Threads(net::io_context& context, std::size_t count)
      : context_{context}, work_{context.get_executor()} {
    for (std::size_t i = 0; i < count; ++i) threads_.emplace_back([&context] { context.run(); });
  }
  ~Threads() {
    context_.stop();
    for (auto& thread : threads_) thread.join();
  }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

 private:
  net::io_context& context_;
  net::executor_work_guard<net::io_context::executor_type> work_;
  std::vector<std::thread> threads_;
};

/// The signals that ask for the end, kept for whoever waits for them. Threads made later inherit it.
class Signals {
 public:
  Signals() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGTERM);
    sigaddset(&set_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  }

  /// Waits for the first; the next one ends the process as if nobody had ever cared.
  void wait() const {
    int signal = 0;
    sigwait(&set_, &signal);
    pthread_sigmask(SIG_UNBLOCK, &set_, nullptr);
  }

 private:
  sigset_t set_{};
};

int failed(const StartFailure& failure) {
  std::cerr << "twostep-server: " << failure.reason << std::endl;
  return EXIT_FAILURE;
}

// Whoever waits for the file finds it complete, never half written.
void write_file(const std::filesystem::path& path, const std::string& text) {
  if (path.empty()) return;
  const auto draft = path.native() + ".new";
  std::ofstream{draft} << text << '\n';
  std::filesystem::rename(draft, path);
}

void announce(const Config& config, const Node::Ports& ports) {
  write_file(config.pid_file, std::to_string(getpid()));
  write_file(config.port_file, std::to_string(ports.clients));
  std::cout << "listening on " << net::ip::tcp::endpoint{config.listen.address(), ports.clients}
            << std::endl;
  if (!config.federation.listen) return;
  std::cout << "for peers on "
            << net::ip::tcp::endpoint{config.federation.listen->address(), ports.peers}
            << std::endl;
}

}  // namespace

int serve(const Config& config) {
  const Signals signals;
  std::signal(SIGPIPE, SIG_IGN);  // A reader of our output that goes away is no reason to end.
  const auto log = server::log_to_stderr(config.log_level);
  const auto threads_wanted =
      config.threads > 0 ? config.threads : std::thread::hardware_concurrency();
  net::io_context context{static_cast<int>(threads_wanted)};

  auto store = open_store(config, Open::to_serve);
  if (!store) return failed(store.error());
  Node node{config, std::move(*store), context, *log};
  {
    const Threads threads{context, threads_wanted};
    const auto ports = node.start();
    if (!ports) return failed(ports.error());
    announce(config, *ports);
    log->write(server::LogLevel::info, "started",
               {{"port", ports->clients}, {"peer_port", ports->peers}});

    signals.wait();
    log->write(server::LogLevel::info, "draining");
    if (!node.drain(server::limits::drain_grace)) {
      // They still run, so nothing can be taken apart beneath them. What was acknowledged is on
      // disk, and the store takes an end at any moment.
      std::cerr << "twostep-server: requests that had begun were cut off" << std::endl;
      std::_Exit(EXIT_SUCCESS);
    }
  }
  log->write(server::LogLevel::info, "stopped");
  return EXIT_SUCCESS;
}

int export_store(const Config& config) {
  auto store = open_store(config, Open::to_look);
  if (!store) return failed(store.error());
  net::io_context context{1};
  const Threads threads{context, 1};
  const auto read = wait_for(context, store->store->read([](const store::Reader& reader) {
    store::export_rows(reader, store::Secrets::left_out, std::cout);
  }));
  std::cout.flush();
  return read && std::cout ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace twostep::app
