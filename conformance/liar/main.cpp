// twostep-liar: a backend that is correct but for one thing.
//
// Stands between a suite and a correct backend and breaks one behaviour on purpose, so that the
// tests which exist for that behaviour can be seen to fail.

#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>
#include <thread>

#include "conformance/liar/proxy.hpp"
#include "conformance/liar/trusting_proxy.hpp"

namespace {

using namespace twostep::conformance::liar;

int list_faults() {
  for (const auto& fault : all_faults()) {
    std::cout << fault.clause << '\t' << fault.name << (fault.believes_anybody ? "\ttls" : "")
              << '\n';
  }
  return 0;
}

Fault fault_named(const std::string& name) {
  if (name.empty()) return {};
  for (auto& fault : all_faults()) {
    if (fault.name == name) return fault;
  }
  throw std::invalid_argument{"no such fault: " + name + " (see --list-faults)"};
}

void serve_beside(const std::string& listen, const std::string& target, const Fault& fault,
                  Leg leg) {
  if (listen.empty()) return;
  std::thread{[from = Endpoint::parse(listen), to = Endpoint::parse(target), &fault, leg] {
    if (fault.believes_anybody && leg != Leg::push_gateway) serve_trusting(from, to, fault);
    serve(from, to, fault, leg);
  }}.detach();
}

}  // namespace

int main(int argc, char** argv) try {
  std::string listen;
  std::string target;
  std::string push_listen;
  std::string push_target;
  std::string federation_listen;
  std::string federation_target;
  std::string peers_listen;
  std::string peers_target;
  AuthorityFiles authority;
  std::string name;
  bool list = false;

  CLI::App app{
      "A backend that is correct but for one thing: relays to a correct one, with one fault."};
  app.add_option("--listen", listen, "where to listen, HOST:PORT");
  app.add_option("--target", target, "the correct backend, HOST:PORT");
  app.add_option("--push-listen", push_listen, "where the backend's push gateway is said to be");
  app.add_option("--push-target", push_target, "where the push gateway really is");
  app.add_option("--federation-listen", federation_listen,
                 "where the backend's peers are to call it");
  app.add_option("--federation-target", federation_target, "where the backend listens for them");
  app.add_option("--peers-listen", peers_listen, "where all peers of the backend are said to be");
  app.add_option("--peers-target", peers_target, "where they really are");
  app.add_option("--authority", authority.certificate,
                 "PEM: whom backends trust; their calls are over TLS");
  app.add_option("--authority-key", authority.key, "PEM: its key");
  app.add_option("--fault", name, "which fault; none if absent");
  app.add_flag("--list-faults", list, "print every fault with the clause that it breaks");
  CLI11_PARSE(app, argc, argv);
  if (list) return list_faults();

  std::signal(SIGPIPE, SIG_IGN);
  const auto fault = fault_named(name);
  if (!authority.key.empty()) set_authority(authority);
  serve_beside(push_listen, push_target, fault, Leg::push_gateway);
  serve_beside(federation_listen, federation_target, fault, Leg::federation);
  serve_beside(peers_listen, peers_target, fault, Leg::peers);
  serve(Endpoint::parse(listen), Endpoint::parse(target), fault, Leg::backend);
} catch (const std::exception& failure) {
  std::cerr << "twostep-liar: " << failure.what() << '\n';
  return 2;
}
