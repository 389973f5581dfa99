#include "bench/macro/options.hpp"

#include <CLI/CLI.hpp>

#include "bench/macro/cast.hpp"

namespace twostep::bench {
namespace {

constexpr std::size_t connections_max = 10'000;

struct Raw {
  std::string target_file;
  std::string peer_file;
  std::string http;
  std::string websocket;
  std::string domain;
  double per_second = 0;
  std::size_t closed = 0;
  std::size_t connections = 32;
  double seconds = 10;
  double warm_up = 1;
};

void add_target(CLI::App& job, Raw& raw) {
  auto* file = job.add_option("--target", raw.target_file, "Target file (conformance/README.md)");
  auto* http = job.add_option("--http", raw.http, "http://host:port of the backend");
  job.add_option("--ws", raw.websocket, "ws://host:port of the backend")->needs(http);
  job.add_option("--domain", raw.domain, "Domain of the backend")->needs(http);
  file->excludes(http);
}

void add_pace(CLI::App& job, Raw& raw, Options& options) {
  auto* rate = job.add_option("--rate", raw.per_second, "Open loop: this many tasks per second");
  auto* closed = job.add_option("--closed", raw.closed, "Closed loop: this many at once, no pause");
  rate->check(CLI::PositiveNumber)->excludes(closed);
  closed->check(CLI::Range(std::size_t{1}, connections_max));
  job.add_option("--connections", raw.connections, "Connections of the open loop")
      ->check(CLI::Range(std::size_t{1}, connections_max));
  job.add_option("--seconds", raw.seconds, "Measured time (catch-up: of each cell)")
      ->check(CLI::PositiveNumber);
  job.add_option("--warm-up", raw.warm_up, "Seconds before it")->check(CLI::NonNegativeNumber);
  job.add_option("--slip-max", options.slip_ms_max,
                 "Milliseconds that the 99th percentile of starts may be late");
}

void add_messages(CLI::App& job, Options& options) {
  job.add_option("--bytes", options.bytes, "Of each ciphertext")
      ->check(CLI::Range(message_bytes_min, std::size_t{1} << 18));
  job.add_option("--recipients", options.recipients, "Recipient clients of a message")
      ->check(CLI::Range(1, 499));
  job.add_option("--conversations", options.conversations, "Conversations, used in turn")
      ->check(CLI::Range(1, 1'000));
}

void add_outputs(CLI::App& job, Options& options) {
  job.add_option("--json", options.json, "Write the results to this file");
  job.add_option("--csv", options.csv, "Write the results to this file");
}

void add_catch_up(CLI::App& app, Raw& raw, Options& options) {
  auto* job = app.add_subcommand("catch-up", "Latency of catching up, by backlog and page size");
  job->callback([&options] { options.job = Options::Job::catch_up; });
  add_target(*job, raw);
  add_pace(*job, raw, options);
  add_messages(*job, options);
  add_outputs(*job, options);
  job->add_option("--backlogs", options.backlogs, "Notifications behind")->delimiter(',');
  job->add_option("--page-sizes", options.page_sizes, "Notifications asked for")
      ->delimiter(',')
      ->check(CLI::PositiveNumber);
  job->add_option("--plot", options.plot, "Write a picture of the results to this HTML file");
}

void add_side_by_side(CLI::App& app, Raw& raw, Options& options) {
  auto* job = app.add_subcommand("side-by-side",
                                 "Pages against nginx, sends against raw inserts (see bench/run)");
  job->callback([&options] { options.job = Options::Job::side_by_side; });
  add_target(*job, raw);
  add_outputs(*job, options);
  job->add_option("--nginx", options.nginx, "http://host:port of an nginx")->required();
  job->add_option("--files", options.files, "The folder that it serves")->required();
  job->add_option("--data", options.data, "A folder for raw inserts")->required();
  job->add_option("--seconds", raw.seconds, "Measured time of each cell")
      ->check(CLI::PositiveNumber);
}

void add_hanging_peer(CLI::App& app, Raw& raw, Options& options) {
  auto* job = app.add_subcommand(
      "hanging-peer",
      "Local sends, alone and while others wait for a peer (see bench/hanging-peer)");
  job->callback([&options] { options.job = Options::Job::hanging_peer; });
  add_target(*job, raw);
  add_pace(*job, raw, options);
  add_outputs(*job, options);
  job->add_option("--peer", raw.peer_file, "Target file of the peer, beside its server.pid")
      ->required();
}

void add_raw_inserts(CLI::App& app, Raw& raw, Options& options) {
  auto* job = app.add_subcommand("raw-inserts", "Durable inserts into our own store, no server");
  job->callback([&options] { options.job = Options::Job::raw_inserts; });
  add_outputs(*job, options);
  job->add_option("--data", options.data, "A folder for the store")->required();
  job->add_option("--closed", raw.closed, "Inserters at once")->required();
  job->add_option("--rows", options.recipients, "Rows of one transaction");
  job->add_option("--bytes", options.bytes, "Of each row");
  job->add_option("--seconds", raw.seconds, "Measured time")->check(CLI::PositiveNumber);
}

void apply(const Raw& raw, Options& options) {
  if (!raw.target_file.empty()) {
    options.target = conformance::read_target(raw.target_file);
  } else if (options.job != Options::Job::raw_inserts) {
    options.target = conformance::quick_target(raw.http, raw.websocket, raw.domain);
  }
  if (!raw.peer_file.empty()) options.peer = conformance::read_target(raw.peer_file);
  if (raw.per_second > 0) options.pace.per_second = raw.per_second;
  options.closed = raw.closed > 0;
  options.pace.connections = raw.closed > 0 ? raw.closed : raw.connections;
  options.pace.measured = std::chrono::duration<double>{raw.seconds};
  options.pace.warm_up = std::chrono::duration<double>{raw.warm_up};
}

}  // namespace

std::optional<Options> parse_options(int argc, char** argv, int& exit_code) {
  Options options;
  Raw raw;
  CLI::App app{
      "Measures a messaging backend over the wire, and audits every run.\n"
      "Exit codes: 0 measured, 1 messages were lost, doubled or out of order (no result), 2 the "
      "run\n"
      "is not valid, 3 the target cannot be reached or set up, 4 the command line is wrong."};
  app.require_subcommand(1);
  add_catch_up(app, raw, options);
  for (const auto& [name, job, what] :
       {std::tuple{"send", Options::Job::send, "Step one: from a send to its acknowledgement"},
        std::tuple{"deliver", Options::Job::deliver, "Step two: from a send to a websocket"}}) {
    auto* command = app.add_subcommand(name, what);
    command->callback([&options, job = job] { options.job = job; });
    add_target(*command, raw);
    add_pace(*command, raw, options);
    add_messages(*command, options);
    add_outputs(*command, options);
  }
  add_raw_inserts(app, raw, options);
  add_side_by_side(app, raw, options);
  add_hanging_peer(app, raw, options);

  try {
    app.parse(argc, argv);
    apply(raw, options);
    return options;
  } catch (const CLI::ParseError& error) {
    exit_code = app.exit(error) == 0 ? 0 : 4;
  } catch (const conformance::TargetError& error) {
    std::cerr << "twostep-bench: " << error.what() << '\n';
    exit_code = 4;
  }
  return std::nullopt;
}

}  // namespace twostep::bench
