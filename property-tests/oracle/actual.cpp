#include "property-tests/oracle/actual.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <stdexcept>

#include "impl/service/catch_up.hpp"
#include "impl/service/clients.hpp"
#include "impl/service/members.hpp"
#include "impl/service/push_tokens.hpp"
#include "impl/service/send.hpp"
#include "impl/wire/base64.hpp"
#include "impl/wire/labels.hpp"
#include "model/worlds/names.hpp"
#include "property-tests/campaign/posted.hpp"

namespace twostep::properties::oracle {
namespace {

using boost::asio::awaitable;

// Longer than any command takes; one that has not come to rest by then never will.
constexpr Ticks command_time_max = std::chrono::days{1};
constexpr std::uint64_t command_tasks_max = 100'000;

std::string label_of(const Refusal& refusal) {
  const auto label = wire::label_of(refusal.reason);
  return std::to_string(label.status) + ' ' + std::string{label.label};
}

}  // namespace

Actual::Actual(const Cast& cast, Chance& chance, Plant plant)
    : cast_{cast},
      chance_{chance},
      plant_{plant},
      scheduler_{chance.schedule, chance.width, trace_},
      between_{cast.backends > 1 ? std::make_unique<Network>(scheduler_, chance.network, sites_)
                                 : nullptr},
      devices_{std::make_unique<Process>(scheduler_)} {
  if (between_)
    between_->decide_by(
        [this](const Domain& from, const service::PeerCall& call) { return fate_of(from, call); });
  add_sites();
  rows_.resize(cast.people.size());
  shown_rows_.resize(cast.people.size());
  shown_pushes_.resize(cast.backends);
}

// Whoever waits is gone before what it waits for.
Actual::~Actual() {
  devices_->kill();
  if (between_) between_->stop();
  for (auto& each : sites_) each->nodes.clear();
}

void Actual::run(awaitable<void> part) {
  std::exception_ptr thrown;
  boost::asio::co_spawn(devices_->executor(), std::move(part),
                        [&](std::exception_ptr error) { thrown = error; });
  rest();
  if (thrown) std::rethrow_exception(thrown);
}

void Actual::rest() {
  if (!scheduler_.run_all(scheduler_.now() + command_time_max, command_tasks_max))
    throw std::runtime_error{"it does not come to rest"};
}

Seen Actual::perform(const Command& command) {
  scheduler_.tell({model::Line::Kind::note, "command", {}, oracle::text_of(cast_, command)});
  Seen seen;
  try {
    calls_.clear();
    mishap_ = command.mishap;
    seen.push_back(carry_out(command));
    std::sort(calls_.begin(), calls_.end());
    seen.insert(seen.end(), calls_.begin(), calls_.end());
    read_inboxes();
    look_at_inboxes(seen);
    look_at_sockets(seen);
    look_at_pushes(seen);
    look_at_ends(seen);
  } catch (const std::exception& error) {
    seen.push_back(std::string{"exception: "} + error.what());
  }
  for (const auto& line : seen) scheduler_.tell({model::Line::Kind::note, "seen", {}, line});
  return seen;
}

std::string Actual::carry_out(const Command& command) {
  using What = Command::What;
  const auto home = cast_.site_of(cast_.devices[command.device]);
  if (command.what == What::crash) {
    if (!site(command.site).nodes[0]) return "it is down";
    site(command.site).nodes[0].reset();
    site(command.site).database.crash();
    return "done";
  }
  if (command.what == What::start) {
    if (site(command.site).nodes[0]) return "it is up";
    start(command.site);
    return "done";
  }
  if (command.what == What::hang_up) return hang_up(command.device);
  if (!site(home).nodes[0]) return "nobody is there";
  if (command.what == What::connect) return connect(command);
  std::optional<std::string> answer;
  ask(command, [&](std::string text) { answer = std::move(text); });
  rest();
  return answer.value_or("no answer");
}

void Actual::ask(const Command& command, std::function<void(std::string)> hear) {
  auto& node = *site(cast_.site_of(cast_.devices[command.device])).nodes[0];
  boost::asio::co_spawn(node.process().executor(), answer_to(node.backend(), command),
                        [hear = std::move(hear)](std::exception_ptr thrown, std::string text) {
                          hear(thrown ? "an exception" : std::move(text));
                        });
}

awaitable<std::string> Actual::answer_to(service::Backend& backend, Command command) {
  switch (command.what) {
    case Command::What::send:
      co_return co_await send(backend, command);
    case Command::What::catch_up:
      co_return co_await catch_up(backend, command);
    case Command::What::add_member:
    case Command::What::remove_member:
      co_return co_await change_members(backend, command);
    case Command::What::add_client:
    case Command::What::remove_client:
    case Command::What::add_push_token:
      co_return co_await change_clients(backend, command);
    case Command::What::connect:
    case Command::What::hang_up:
    case Command::What::crash:
    case Command::What::start:
      break;
  }
  co_return "not to be asked";
}

// --- What people ask for -------------------------------------------------------------------

namespace {

Users users_of(const std::vector<QualifiedUser>& names) {
  Users users;
  for (const auto& name : names) users[name.domain].insert(name.id);
  return users;
}

Strategy strategy_of(model::Strategy::Kind kind, Users users) {
  switch (kind) {
    case model::Strategy::Kind::report_all:
      return ReportAll{};
    case model::Strategy::Kind::ignore_all:
      return IgnoreAll{};
    case model::Strategy::Kind::report_only:
      return ReportOnly{std::move(users)};
    case model::Strategy::Kind::ignore_only:
      return IgnoreOnly{std::move(users)};
  }
  return ReportAll{};
}

}  // namespace

/// The message as it is asked for; its texts are known from then on.
NewMessage Actual::message_of(const Command& command) {
  const auto& asked = command.message;
  std::vector<QualifiedUser> named;
  for (const auto& user : asked.strategy.users) named.push_back(name_of(cast_.person_of(user)));
  NewMessage message{.sender = clients_[command.device],
                     .strategy = strategy_of(asked.strategy.kind, users_of(named))};
  message.transient = asked.transient;
  message.native_push = asked.native_push;
  if (asked.shared.value > 0) message.blob = shared_data(command.number);
  for (const auto& recipient : asked.recipients) {
    const auto device = cast_.device_of(recipient.client);
    const auto name = name_of(cast_.devices[device].person);
    const auto text = ciphertext(command.number, cast_.devices[device]);
    texts_[wire::base64(text)] = text;
    message.recipients[name.domain][name.id][clients_[device]] = text;
  }
  if (asked.shared.value > 0) texts_[wire::base64(message.blob)] = message.blob;
  return message;
}

awaitable<std::string> Actual::send(service::Backend& backend, Command command) {
  const auto message = message_of(command);
  const service::Sender from{name_of(cast_.devices[command.device].person),
                             caller(command.device).connection};
  const auto& talk = talks_[command.talk];
  auto sending =
      talk.domain == from.user.domain
          ? service::send(backend, from, talk, message)
          : service::send_through_owner(backend, from.user.id, talk, protobuf_of(message));
  const auto answer = co_await std::move(sending);
  co_return model::text(outcome_of(answer));
}

awaitable<std::string> Actual::catch_up(service::Backend& backend, Command command) {
  const auto person = cast_.devices[command.device].person;
  const auto& rows = rows_[person];
  service::CatchUp request{.size = command.size};
  if (!command.whole_inbox) request.client = clients_[command.device];
  if (command.since) {
    const auto unknown = TimeUuid::at(TimeUuid::earliest, {.sequence = 0, .node = 1});
    request.since = *command.since < rows.size() ? rows[*command.since].id : unknown;
  }
  const auto answer = co_await service::catch_up(backend, users_[person], request);
  if (!answer) co_return label_of(answer.error());
  read_inboxes();
  co_return page_text(person, answer->body);
}

awaitable<std::string> Actual::change_clients(service::Backend& backend, Command command) {
  const auto device = command.device;
  const auto who = caller(device);
  Result<void> answer;
  if (command.what == Command::What::add_client) {
    NewClient wanted;
    wanted.last_resort_key = keys_[device];
    const auto added = co_await service::add_client(backend, who, wanted);
    if (!added) answer = added.error();
  } else if (command.what == Command::What::remove_client) {
    answer = co_await service::remove_client(backend, who, clients_[device], std::nullopt);
  } else {
    const PushToken token{.transport = "GCM",
                          .app = "app",
                          .token = "token of " + cast_.devices[device].name,
                          .client = clients_[device],
                          .registered_on = {}};
    answer = co_await service::add_push_token(backend, who, token);
  }
  co_return answer ? "done" : label_of(answer.error());
}

awaitable<std::string> Actual::change_members(service::Backend& backend, Command command) {
  const auto id = talks_[command.talk];
  const auto user = name_of(command.person);
  const auto admin = at_a_browser(cast_.talks[command.talk].creator);
  wire::NewMembers wanted;
  wanted.users.push_back(user);
  auto changing = command.what == Command::What::add_member
                      ? service::add_members(backend, admin, id, wanted)
                      : service::remove_member(backend, admin, id, user);
  const auto answer = co_await std::move(changing);
  if (!answer) co_return label_of(answer.error());
  co_return *answer ? "done" : "nothing to do";
}

// --- Sockets -------------------------------------------------------------------------------

std::string Actual::connect(const Command& command) {
  const auto device = command.device;
  auto socket = std::make_shared<Socket>();
  const auto line = std::make_shared<Line>();
  socket->line = line;
  line->opened = [socket] { socket->opened = true; };
  line->closed = [socket] { socket->closed = true; };
  line->received = [socket](const std::string& frame) { socket->frames.push_back(frame); };
  sockets_.push_back({device, socket});
  const auto home = cast_.site_of(cast_.devices[device]);
  std::optional<ClientId> client = clients_[device];
  if (command.whole_inbox || plant_ == Plant::delivers_to_neighbour) client.reset();
  site(home).nodes[0]->accept(caller(device), client, line);
  rest();
  return socket->opened ? "open" : "not open";
}

std::string Actual::hang_up(std::size_t device) {
  for (const auto& [owner, socket] : sockets_) {
    if (owner != device || socket->closed) continue;
    socket->closed = socket->hung_up = true;
    const auto line = socket->line.lock();
    if (!line) continue;
    line->gone = true;
    if (line->wake) line->wake();
  }
  rest();
  return "done";
}

service::Caller Actual::caller(std::size_t device) const {
  return {.user = users_[cast_.devices[device].person],
          .connection = {device + 1},
          .client = clients_[device]};
}

/// A login without a client, and without a socket.
service::Caller Actual::at_a_browser(std::size_t person) const {
  return {.user = users_[person], .connection = {~std::uint64_t{0}}, .client = {}};
}

QualifiedUser Actual::name_of(std::size_t person) const {
  return {sites_[cast_.people[person].user.home.value]->domain, users_[person]};
}

}  // namespace twostep::properties::oracle
