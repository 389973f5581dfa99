#include "model/worlds/named.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace twostep::model {
namespace {

constexpr BackendId a{0};
constexpr BackendId b{1};
constexpr BackendId c{2};
constexpr UserId alice{a, 0};
constexpr UserId ann{a, 1};
constexpr UserId amy{a, 2};
constexpr UserId bob{b, 0};
constexpr UserId charlie{c, 0};
constexpr UserId chris{c, 1};

constexpr Client of(UserId user, std::uint64_t number = 1) { return {user, {number}}; }

Setup one_backend() {
  Setup setup{
      .name = "one-backend",
      .about =
          "one server; a message also to its sender and a stranger, an incomplete one and one "
          "that ignores it; a crash or a failed commit"};
  setup.members = {alice, ann};
  setup.clients = {of(alice), of(alice, 2), of(ann), of(amy)};
  setup.readers = {of(alice, 2), of(ann)};
  setup.messages = {{of(alice), {of(alice), of(alice, 2), of(ann), of(amy)}},
                    {of(ann), {of(alice)}},
                    {of(alice), {of(alice, 2)}, {Strategy::Kind::ignore_all, {}}}};
  setup.faults = {.budget = 1, .crash = true, .commit_fails = true};
  return setup;
}

Setup step_two() {
  Setup setup{
      .name = "step-two",
      .about = "a client opens and closes sockets, and is a phone; two messages, and a crash"};
  setup.members = {alice, ann};
  setup.clients = {of(alice), of(ann)};
  setup.phones = setup.readers = setup.listeners = {of(ann)};
  setup.messages = {{of(alice), {of(ann)}}, {of(alice), {of(ann)}}};
  setup.faults = {.budget = 1, .crash = true};
  return setup;
}

// Who is connected to one server learns of what another one stores.
Setup step_two_nodes() {
  auto setup = step_two();
  setup.name = "step-two-nodes";
  setup.about = "the same with two servers, of which either may end";
  setup.nodes = {2};
  setup.phones = {};
  return setup;
}

Setup transient() {
  Setup setup{
      .name = "transient",
      .about = "a message that is stored and one that is not; two clients of one user listen"};
  setup.members = {alice, ann};
  setup.clients = {of(alice), of(ann), of(ann, 2)};
  setup.phones = {of(ann)};
  setup.readers = setup.listeners = {of(ann), of(ann, 2)};
  setup.messages = {{of(alice), {of(ann), of(ann, 2)}},
                    {of(alice), {of(ann), of(ann, 2)}, {}, true}};
  setup.in_turn = true;
  return setup;
}

Setup expiry() {
  Setup setup{.name = "expiry", .about = "what is stored expires, maybe before it has been read"};
  setup.members = {alice, ann};
  setup.clients = {of(alice), of(ann)};
  setup.readers = {of(ann)};
  setup.messages = {{of(alice), {of(ann)}}, {of(alice), {of(ann)}}, {of(alice), {of(ann)}}};
  setup.expires = true;
  setup.page = 1;
  return setup;
}

// Two servers of one backend, with a clock each.
Setup two_nodes(std::string name, std::string about) {
  Setup setup{.name = std::move(name), .about = std::move(about)};
  setup.nodes = {2};
  setup.members = {alice, ann};
  setup.clients = {of(alice), of(ann)};
  setup.readers = {of(ann)};
  setup.messages = {{of(alice), {of(ann)}}, {of(alice), {of(ann)}}};
  setup.horizon = 2;
  return setup;
}

constexpr const char* loss = "CUP-21, P3: nothing newer is behind a pointer";

Setup two_nodes_skewed() {
  auto setup = two_nodes("two-nodes-skewed",
                         "ids from two clocks of which one is ahead; commits take no time");
  setup.ids = IdPolicy::wall_clock;
  setup.slow_commits = false;
  setup.in_turn = true;
  setup.ahead = {{1, 0}};
  setup.shows = loss;
  return setup;
}

Setup two_nodes_slow() {
  auto setup = two_nodes("two-nodes-slow", "ids from two clocks that agree; commits may take time");
  setup.ids = IdPolicy::wall_clock;
  setup.shows = loss;
  return setup;
}

Setup two_nodes_exact() {
  auto setup =
      two_nodes("two-nodes-exact",
                "ids from two clocks that agree; commits take no time, and no two ids are of "
                "the same instant");
  setup.ids = IdPolicy::wall_clock;
  setup.slow_commits = false;
  setup.time_passes = true;
  setup.horizon = 0;
  return setup;
}

Setup two_nodes_monotonic() {
  auto setup =
      two_nodes("two-nodes-monotonic",
                "ascending ids; clocks apart either way, slow commits, a crash or a failed commit");
  setup.ahead = {{0, 0}, {0, 2}, {2, 0}};
  setup.faults = {.budget = 1, .crash = true, .commit_fails = true};
  return setup;
}

// Alice and ann at A, bob at B: a message from each side.
Setup two_backends(std::string name, std::string about, Profile profile) {
  Setup setup{.name = std::move(name), .about = std::move(about)};
  setup.nodes = {1, 1};
  setup.profile = profile;
  setup.members = {alice, ann, bob};
  setup.clients = {of(alice), of(ann), of(bob)};
  setup.readers = {of(bob)};
  setup.messages = {{of(alice), {of(ann), of(bob)}}, {of(bob), {of(alice), of(ann)}}};
  setup.faults = {.budget = 1, .lose = true, .give_up = true, .crash = true, .commit_fails = true};
  return setup;
}

// Alice at A, bob at B, chris at C: two messages of alice.
Setup three_backends(std::string name, std::string about, Profile profile) {
  Setup setup{.name = std::move(name), .about = std::move(about)};
  setup.nodes = {1, 1, 1};
  setup.profile = profile;
  setup.members = {alice, bob, chris};
  setup.clients = {of(alice), of(bob), of(chris)};
  setup.messages = {{of(alice), {of(bob), of(chris)}}, {of(alice), {of(bob), of(chris)}}};
  setup.faults = {.budget = 1, .lose = true, .give_up = true, .crash = true, .commit_fails = true};
  return setup;
}

// Charlie at C writes to alice at A, bob at B, and chris beside him at C.
Setup remote_sender(std::string name, std::string about, Profile profile) {
  Setup setup{.name = std::move(name), .about = std::move(about)};
  setup.nodes = {1, 1, 1};
  setup.profile = profile;
  setup.members = {alice, bob, charlie, chris};
  setup.clients = {of(alice), of(bob), of(charlie), of(chris)};
  setup.readers = {of(chris)};
  setup.messages = {{of(charlie), {of(alice), of(bob), of(chris)}}};
  setup.faults = {.budget = 1, .lose = true, .give_up = true, .crash = true, .commit_fails = true};
  return setup;
}

}  // namespace

const std::vector<Setup>& named_setups() {
  static const std::vector<Setup> setups{
      one_backend(),
      step_two(),
      step_two_nodes(),
      transient(),
      expiry(),
      two_nodes_skewed(),
      two_nodes_slow(),
      two_nodes_exact(),
      two_nodes_monotonic(),
      two_backends("m1-two", "M1 between A and B, a message from each side, one fault",
                   Profile::m1),
      three_backends("m1-three", "M1 between A, B and C, two messages, one fault", Profile::m1),
      remote_sender("m1-remote-sender", "M1, a sender at C, two members at C, one fault",
                    Profile::m1),
      two_backends("queued-two", "peers told until they confirm, one fault", Profile::queued),
      remote_sender("queued-remote-sender", "the same with a sender at C, one fault",
                    Profile::queued),
      two_backends("outbox-two", "everybody once or nobody, one fault", Profile::outbox),
      remote_sender("outbox-remote-sender", "the same with a sender at C, one fault",
                    Profile::outbox),
  };
  return setups;
}

std::optional<Setup> setup_named(std::string_view name) {
  const auto& all = named_setups();
  const auto at =
      std::find_if(all.begin(), all.end(), [&](const Setup& setup) { return setup.name == name; });
  if (at == all.end()) return std::nullopt;
  return *at;
}

}  // namespace twostep::model
