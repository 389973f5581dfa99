#include <nlohmann/json.hpp>

#include "impl/service/catch_up.hpp"
#include "property-tests/campaign/acts.hpp"

namespace twostep::properties {
namespace {

using boost::asio::awaitable;
using Json = nlohmann::json;

Seen seen_of(const Json& notification) {
  const auto& payload = notification.at("payload");
  if (payload.size() != 1) throw std::runtime_error{"a payload is not one event"};
  return {.id = TimeUuid::parse(notification.at("id").get<std::string>()).value(),
          .event = std::hash<std::string>{}(payload.at(0).dump())};
}

void take_in(Device& device, Seen seen) {
  seen.after_gap = std::exchange(device.gap, std::nullopt);
  device.pointer = seen.id;
  device.walked.push_back(std::move(seen));
}

/// When a page was asked for and answered. What expired in between may be in it or not.
struct Asked {
  Moment moment;
  Ticks from;
  Ticks until;

  Instant oldest_at(const Stage& stage, Ticks when) const {
    return SkewedClock::begin + when - stage.mix.retention;
  }
};

/// Whether expiry can be judged: where all clocks are right.
bool expires(const Stage& stage) { return stage.mix.skew_max == Ticks{0}; }

/// The pointer was to be found, or it was not.
void judge_pointer(Stage& stage, const Device& device, const Asked& asked, bool known) {
  if (!device.pointer) return;
  const auto about = [&] { return device.name + " from " + device.pointer->text(); };
  const auto at = device.pointer->instant();
  const bool may_have_expired = expires(stage) && at < asked.oldest_at(stage, asked.until);
  const bool has_expired = expires(stage) && at < asked.oldest_at(stage, asked.from);
  if (!may_have_expired) stage.history.judge(Rule::pointer_is_known, known, about);
  if (has_expired) stage.history.judge(Rule::expired_pointer_is_a_gap, !known, about);
}

/// Takes in a page. Whether it says that it was the last.
bool read_page(Stage& stage, Device& device, const std::string& body, std::size_t size,
               const Asked& asked) {
  const auto page = Json::parse(body);
  auto notifications = page.at("notifications");
  if (stage.start.plant == Plant::page_without_its_last && notifications.size() > 1)
    notifications.erase(notifications.end() - 1);
  const auto about = [&] { return device.name; };
  auto& history = stage.history;
  history.judge(Rule::page_is_no_larger, notifications.size() <= size, about);
  if (!device.pointer) device.gap = asked.oldest_at(stage, asked.until);
  for (const auto& notification : notifications) {
    const auto seen = seen_of(notification);
    if (expires(stage))
      history.judge(Rule::expired_is_gone, seen.id.instant() >= asked.oldest_at(stage, asked.from),
                    about);
    take_in(device, seen);
  }
  if (notifications.size() == size) stage.coverage.saw(Situation::page_full);
  if (notifications.empty()) stage.coverage.saw(Situation::page_empty);

  const bool lies = stage.start.plant == Plant::says_more && device.more_after.size() < 3;
  const bool has_more = lies || page.at("has_more").get<bool>();
  stage.answers(device, "reads " + std::to_string(notifications.size()) +
                            (has_more ? ", and there is more" : ", which are all"));
  if (has_more) {
    history.judge(Rule::more_needs_some, !notifications.empty(), about);
    if (device.pointer) device.more_after.push_back(*device.pointer);
  } else {
    device.finished.push_back({asked.moment, device.pointer, asked.oldest_at(stage, asked.until)});
  }
  return !has_more;
}

/// A frame as it arrives at the device.
void receive(Stage& stage, Device& device, std::size_t socket, const Json& json) {
  const auto seen = seen_of(json);
  auto& log = device.sockets[socket];
  if (json.at("transient").get<bool>()) {
    log.transients.push_back({json.at("payload").at(0).at("data").at("text").get<std::string>()});
    stage.hears(device, seen.id.text() + " (transient)");
    return;
  }
  log.frames.push_back(seen);
  stage.hears(device, seen.id.text());
  const bool is_new = !device.pointer || *device.pointer < seen.id;
  if (device.followed == socket && is_new) {
    take_in(device, seen);
    stage.coverage.saw(Situation::socket_follows);
  }
}

void note_closed(Stage& stage, Device& device, std::size_t socket) {
  auto& log = device.sockets[socket];
  if (log.closed) return;
  log.closed = stage.tell(device.name, "has lost socket " + std::to_string(socket + 1));
  if (device.followed == socket) device.followed.reset();
}

/// From now on its frames move the pointer; those that came during the catch-up and are newer, too.
void follow(Device& device, std::size_t socket) {
  device.followed = socket;
  for (const auto& seen : device.sockets[socket].frames)
    if (!device.pointer || *device.pointer < seen.id) take_in(device, seen);
}

struct Opening {
  Task resume;
  bool done = false;

  void end() {
    done = true;
    if (resume) resume();
  }
};

std::shared_ptr<Line> new_line(Stage& stage, Device& device, std::size_t socket,
                               const std::shared_ptr<Opening>& opening) {
  auto line = std::make_shared<Line>();
  line->opened = [&stage, &device, socket, opening] {
    device.sockets[socket].opened =
        stage.answers(device, "socket " + std::to_string(socket + 1) + " is open");
    opening->end();
  };
  line->received = [&stage, &device, socket](const std::string& frame) {
    try {
      receive(stage, device, socket, Json::parse(frame));
      stage.history.judge(Rule::frame_is_well_formed, true, [] { return std::string{}; });
    } catch (const std::exception& error) {
      stage.history.violated(Rule::frame_is_well_formed, error.what());
    }
  };
  line->left = [&stage, &device, socket] { device.sockets[socket].left = stage.trace.told(); };
  line->closed = [&stage, &device, socket, opening] {
    note_closed(stage, device, socket);
    opening->end();
  };
  return line;
}

/// The line of another client of the same user, for a plant: what arrives there arrives here.
std::optional<ClientId> client_asked_for(const Stage& stage, const Device& device) {
  if (stage.start.plant == Plant::delivers_to_neighbour) return std::nullopt;
  return device.client;
}

}  // namespace

awaitable<bool> walk(Stage& stage, std::size_t number, std::size_t node, std::size_t size,
                     std::size_t pages_max) {
  auto& device = stage.history.devices[number];
  if (device.walking || device.followed) co_return false;
  device.walking = true;
  bool done = false;
  for (std::size_t pages = 0; pages < pages_max && !done; ++pages) {
    Asked asked{.moment = stage.asks(device, "catch up, " + std::to_string(size) + " at a time"),
                .from = stage.scheduler.now(),
                .until = {}};
    const auto plant = stage.start.plant;
    const service::CatchUp request{.since = device.pointer,
                                   .client = device.client,
                                   .size = size + (plant == Plant::page_too_long ? 1 : 0)};
    const std::function<awaitable<Result<service::Page>>(service::Backend&)> ask =
        [user = stage.person_of(device).id, request](service::Backend& backend) {
          return service::catch_up(backend, user, request);
        };
    auto answer = co_await stage.call(stage.site_of(device), node, ask);
    if (plant == Plant::forgets_pointers && answer && *answer && device.pointer)
      answer.emplace(Refusal{Reason::not_found});
    if (plant == Plant::page_cut_short && answer && *answer) (*answer)->body.pop_back();
    asked.until = stage.scheduler.now();
    if (!answer || (!*answer && answer->error().reason != Reason::not_found)) {
      stage.answers(device, "no page", answer.has_value());
      break;
    }
    judge_pointer(stage, device, asked, answer->has_value());
    if (!*answer) {
      stage.answers(device, "a gap");
      stage.coverage.saw(Situation::pointer_expired);
      device.pointer.reset();
      continue;
    }
    try {
      done = read_page(stage, device, (*answer)->body, size, asked);
      stage.history.judge(Rule::page_is_complete, true, [] { return std::string{}; });
    } catch (const std::exception& error) {
      stage.history.violated(Rule::page_is_complete, error.what());
      break;
    }
  }
  device.walking = false;
  co_return done;
}

awaitable<void> connect(Stage& stage, std::size_t number, std::size_t node, Ticks slowness,
                        bool wants_to_follow) {
  auto& device = stage.history.devices[number];
  auto& site = stage.site_of(device);
  device.followed.reset();
  const auto socket = device.sockets.size();
  auto opening = std::make_shared<Opening>();
  auto line = new_line(stage, device, socket, opening);
  line->slowness = slowness;
  device.sockets.push_back({.line = line, .node = node});
  device.sockets[socket].asked = stage.asks(device, "socket " + std::to_string(socket + 1));
  if (slowness > Ticks{0}) stage.coverage.saw(Situation::socket_slow);
  for (std::size_t i = 0; i < socket; ++i)
    if (!device.sockets[i].closed) stage.coverage.saw(Situation::socket_replaced);
  if (!site.nodes[node]) {
    line->left();
    note_closed(stage, device, socket);
    co_return;
  }
  const auto& caller = stage.caller(device);
  const auto wait = [&](Task resume) {
    opening->resume = std::move(resume);
    site.nodes[node]->accept(caller, client_asked_for(stage, device), line);
  };
  co_await suspended(*stage.devices, wait);
  if (device.sockets[socket].closed || !wants_to_follow) co_return;

  const bool complete = co_await walk(stage, number, node, 100, 1'000);
  if (complete && !device.sockets[socket].closed) follow(device, socket);
}

void hang_up(Stage& stage, std::size_t number, std::size_t socket) {
  auto& device = stage.history.devices[number];
  auto& log = device.sockets[socket];
  if (log.closed) return;
  note_closed(stage, device, socket);
  stage.coverage.saw(Situation::socket_hung_up);
  log.line->gone = true;
  if (log.line->wake) log.line->wake();
}

}  // namespace twostep::properties
