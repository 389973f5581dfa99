// twostep-liar: a backend that is correct but for one thing.
//
// Stands between a suite and a correct backend and breaks one behaviour on purpose, so that the
// tests which exist for that behaviour can be seen to fail.

#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>
#include <thread>

#include "conformance/liar/proxy.hpp"

namespace {

using namespace twostep::conformance::liar;

int list_faults() {
  for (const auto& fault : all_faults()) std::cout << fault.clause << '\t' << fault.name << '\n';
  return 0;
}

Fault fault_named(const std::string& name) {
  if (name.empty()) return {};
  for (auto& fault : all_faults()) {
    if (fault.name == name) return fault;
  }
  throw std::invalid_argument{"no such fault: " + name + " (see --list-faults)"};
}

}  // namespace

int main(int argc, char** argv) try {
  std::string listen;
  std::string target;
  std::string push_listen;
  std::string push_target;
  std::string name;
  bool list = false;

  CLI::App app{
      "A backend that is correct but for one thing: relays to a correct one, with one fault."};
  app.add_option("--listen", listen, "where to listen, HOST:PORT");
  app.add_option("--target", target, "the correct backend, HOST:PORT");
  app.add_option("--push-listen", push_listen, "where the backend's push gateway is said to be");
  app.add_option("--push-target", push_target, "where the push gateway really is");
  app.add_option("--fault", name, "which fault; none if absent");
  app.add_flag("--list-faults", list, "print every fault with the clause that it breaks");
  CLI11_PARSE(app, argc, argv);
  if (list) return list_faults();

  std::signal(SIGPIPE, SIG_IGN);
  const auto fault = fault_named(name);
  if (!push_listen.empty()) {
    std::thread{[listen = Endpoint::parse(push_listen), target = Endpoint::parse(push_target),
                 &fault] {
      serve(listen, target, fault, Leg::push_gateway);
    }}.detach();
  }
  serve(Endpoint::parse(listen), Endpoint::parse(target), fault, Leg::backend);
} catch (const std::exception& failure) {
  std::cerr << "twostep-liar: " << failure.what() << '\n';
  return 2;
}
