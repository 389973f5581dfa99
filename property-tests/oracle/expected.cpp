#include "property-tests/oracle/expected.hpp"

#include <algorithm>
#include <utility>

#include "model/flat.hpp"
#include "model/worlds/names.hpp"

namespace twostep::properties::oracle {
namespace {

constexpr model::NodeId node{};
constexpr int steps_max = 1'000;
/// Payloads of messages are below.
constexpr std::uint32_t first_event = 1'000'000;

model::ConnectionId connection_of(std::size_t device) {
  return {static_cast<std::uint32_t>(device + 1)};
}

model::BackendId backend_id(std::size_t site) { return {static_cast<std::uint16_t>(site)}; }

}  // namespace

Expected::Expected(const Cast& cast, const Inboxes& before, model::Bug bug) : cast_{&cast} {
  for (std::size_t site = 0; site < cast.backends; ++site) {
    stage_.backends.emplace_back().configuration = {.self = backend_id(site), .bug = bug};
    model::take(stage_, backend_id(site), model::NodeStarted{node, 0, 1}, nullptr);
  }
  for (const auto& device : cast.devices) stage_.devices.push_back({.client = device.client});
  shown_rows_.resize(cast.people.size());
  shown_.resize(cast.devices.size());
  begin(before);
}

void Expected::begin(const Inboxes& before) {
  for (std::size_t site = 0; site < cast_->backends; ++site) {
    std::vector<model::Change> changes;
    std::vector<News> news;
    for (std::size_t person = 0; person < cast_->people.size(); ++person) {
      if (cast_->people[person].user.home != backend_id(site)) continue;
      changes.push_back(model::AddUser{cast_->people[person].user});
      for (const auto& talk : cast_->talks)
        changes.push_back(model::AddMembers{talk.id, {cast_->people[person].user}});
      for (const auto& content : before[person]) news.push_back({person, content});
      shown_rows_[person] = before[person].size();
    }
    for (const auto& device : cast_->devices)
      if (device.registered && cast_->site_of(device) == site)
        changes.push_back(model::AddClient{device.client});
    // The owner knows everybody.
    std::vector<model::UserId> everybody;
    for (const auto& person : cast_->people) everybody.push_back(person.user);
    changes.push_back(model::AddMembers{cast_->talks[site].id, everybody});
    change(site, std::move(changes), news, std::nullopt);
  }
}

Seen Expected::perform(const Command& command) {
  std::vector<std::size_t> open;
  for (std::size_t device = 0; device < cast_->devices.size(); ++device)
    if (has_socket(device)) open.push_back(device);

  calls_.clear();
  mishap_ = command.mishap;
  Seen seen;
  seen.push_back(carry_out(command));
  settle();
  std::sort(calls_.begin(), calls_.end());
  seen.insert(seen.end(), calls_.begin(), calls_.end());
  look_at_inboxes(seen);
  look_at_devices(seen);
  // Whoever hangs up knows. A newer socket takes the place of an older one.
  for (const auto device : open) {
    const bool own = device == command.device;
    if (own && command.what == Command::What::hang_up) continue;
    const bool replaced = own && command.what == Command::What::connect;
    if (replaced || !has_socket(device)) seen.push_back(closed_line(cast_->devices[device].name));
  }
  return seen;
}

bool Expected::has_socket(std::size_t device) const {
  const auto& sockets = stage_.backends[cast_->site_of(cast_->devices[device])].sockets;
  return std::any_of(sockets.begin(), sockets.end(), [&](const model::Socket& socket) {
    return socket.connection.value == device + 1;
  });
}

bool Expected::is_up(std::size_t site) const { return stage_.backends[site].nodes.front().up; }

bool Expected::is_registered(std::size_t device) const {
  const auto& client = cast_->devices[device].client;
  return model::contains(user(cast_->devices[device].person).clients, client.id);
}

bool Expected::is_member(std::size_t talk, std::size_t person) const {
  const auto& owner = stage_.backends[cast_->talks[talk].id.owner.value];
  const auto* conversation =
      model::find_by(owner.database.conversations, cast_->talks[talk].id, &model::Conversation::id);
  return model::contains(conversation->members, cast_->people[person].user);
}

std::size_t Expected::inbox_size(std::size_t person) const { return user(person).inbox.size(); }

const model::User& Expected::user(std::size_t person) const {
  const auto& id = cast_->people[person].user;
  return *model::find_by(stage_.backends[id.home.value].database.users, id, &model::User::id);
}

std::string Expected::carry_out(const Command& command) {
  const auto& device = cast_->devices[command.device];
  const auto site = cast_->site_of(device);
  using What = Command::What;
  if (command.what == What::crash) {
    if (!is_up(command.site)) return "it is down";
    model::crash(stage_, backend_id(command.site), node, nullptr);
    return "done";
  }
  if (command.what == What::start) {
    if (is_up(command.site)) return "it is up";
    model::restart(stage_, backend_id(command.site), node, nullptr);
    return "done";
  }
  if (command.what == What::hang_up) {
    model::disconnect(stage_, command.device, nullptr);
    return "done";
  }
  if (!is_up(site)) return "nobody is there";
  switch (command.what) {
    case What::send:
      return send(command);
    case What::catch_up:
      return catch_up(command);
    case What::connect:
      connect(command);
      return "open";
    case What::add_client:
    case What::remove_client:
    case What::add_push_token:
      return change_clients(command);
    case What::add_member:
    case What::remove_member:
      return change_members(command);
    case What::hang_up:
    case What::crash:
    case What::start:
      break;
  }
  return {};
}

std::string Expected::send(const Command& command) {
  messages_.resize(std::max(messages_.size(), command.number + 1));
  messages_[command.number] = command.message;
  if (stage_.sent.size() <= command.number) stage_.sent.resize(command.number + 1);
  auto& sent = stage_.sent[command.number];
  sent = {command.message.sender, model::Sent::Stage::pending, {}};
  const model::SendRequested asked{
      model::request_of(command.number), node, command.message, connection_of(command.device), {}};
  model::take(stage_, command.message.sender.user.home, asked, nullptr);
  settle();
  return answer(command.number).value_or("no answer");
}

std::optional<std::string> Expected::answer(std::size_t message) const {
  const auto& sent = stage_.sent.at(message);
  if (sent.stage != model::Sent::Stage::answered) return std::nullopt;
  return model::text(sent.outcome);
}

std::string Expected::catch_up(const Command& command) const {
  const auto& device = cast_->devices[command.device];
  const auto& inbox = user(device.person).inbox;
  model::CatchUp request{.user = device.client.user, .size = command.size};
  if (!command.whole_inbox) request.client = device.client.id;
  if (command.since) {
    const auto place = *command.since;
    request.since = place < inbox.size() ? inbox[place].id : model::NotificationId{};
  }
  const auto page = model::catch_up(stage_.backends[cast_->site_of(device)], request);
  if (page.gap) return "404 not-found";
  std::vector<std::string> names;
  for (const auto& notification : page.notifications)
    names.push_back(place_of(device.person, notification.id));
  return page_line(names, page.has_more);
}

void Expected::connect(const Command& command) {
  const auto& device = cast_->devices[command.device];
  std::optional<model::ClientId> only = device.client.id;
  if (command.whole_inbox) only.reset();
  const model::Socket socket{device.client.user, connection_of(command.device), only, node};
  model::take(stage_, device.client.user.home, model::SocketOpened{socket}, nullptr);
}

std::string Expected::change_clients(const Command& command) {
  const auto& device = cast_->devices[command.device];
  const auto site = cast_->site_of(device);
  const bool registered = is_registered(command.device);
  if (command.what == Command::What::add_client) {
    change(site, {model::AddClient{device.client}},
           {{device.person, {{}, "user.client-add " + device.name}}}, command.device);
    return "done";
  }
  if (!registered) return "404 client-not-found";
  if (command.what == Command::What::add_push_token) {
    change(site, {model::AddPushToken{device.client, {1}}}, {}, command.device);
    return "done";
  }
  change(site, {model::RemoveClient{device.client}},
         {{device.person, {{}, "user.client-remove " + device.name}}}, command.device);
  close_sockets_of(device.client);
  return "done";
}

// A socket for everything is none of a client.
void Expected::close_sockets_of(const model::Client& client) {
  const auto sockets = stage_.backends[client.user.home.value].sockets;
  for (const auto& socket : sockets)
    if (socket.user == client.user && socket.client == client.id)
      model::take(stage_, client.user.home, model::SocketClosed{socket.user, socket.connection},
                  nullptr);
}

// The backends of members are told once, each by a call that may find nobody. Nobody joins unless their own
// backend is there, and, if it is new to the conversation, all others too (FED-57).
std::string Expected::change_members(const Command& command) {
  const bool joins = command.what == Command::What::add_member;
  if (is_member(command.talk, command.person) == joins) return "nothing to do";
  const auto& talk = cast_->talks[command.talk];
  const auto who = cast_->people[command.person].user;
  std::vector<News> news;
  std::vector<bool> has_members(cast_->backends);
  for (std::size_t person = 0; person < cast_->people.size(); ++person) {
    const bool member = is_member(command.talk, person);
    if (!member && person != command.person) continue;
    news.push_back({person,
                    {{},
                     (joins ? "conversation.member-join " : "conversation.member-leave ") +
                         cast_->people[command.person].name + " in " + talk.name}});
    if (member) has_members[cast_->people[person].user.home.value] = true;
  }
  if (joins && who.home != talk.id.owner) {
    const bool is_new = !has_members[who.home.value];
    for (std::size_t site = 0; site < cast_->backends; ++site)
      if (!is_up(site) && (site == who.home.value || (is_new && has_members[site])))
        return "533 unreachable-backends";
  }
  for (std::size_t site = 0; site < cast_->backends; ++site) {
    if (!is_up(site)) continue;
    auto here = news;
    std::erase_if(here, [&](const News& each) {
      return cast_->people[each.person].user.home != backend_id(site);
    });
    std::vector<model::Change> changes;
    if (site == talk.id.owner.value || site == who.home.value) {
      if (joins) changes.push_back(model::AddMembers{talk.id, {who}});
      if (!joins) changes.push_back(model::RemoveMembers{talk.id, {who}});
    }
    change(site, std::move(changes), here, std::nullopt);
  }
  return "done";
}

void Expected::change(std::size_t site, std::vector<model::Change> changes,
                      const std::vector<News>& news, std::optional<std::size_t> actor) {
  model::Changed changed{.node = node, .now = stage_.now, .changes = std::move(changes)};
  for (const auto& [person, content] : news) {
    const auto payload = static_cast<std::uint32_t>(first_event + events_.size());
    events_.push_back(content.event);
    std::optional<model::ClientId> only;
    for (const auto& device : cast_->devices)
      if (device.name == content.who) only = device.client.id;
    changed.notes.push_back({cast_->people[person].user, only, {payload}});
  }
  if (actor) {
    changed.actor = cast_->devices[*actor].client.user;
    changed.origin = connection_of(*actor);
  }
  model::take(stage_, backend_id(site), changed, nullptr);
  settle();
}

void Expected::settle() {
  // A model that is wrong may go on for ever.
  for (int steps = 0; steps < steps_max; ++steps) {
    auto all = moves();
    const auto is_delivery = [](const Move& move) {
      return move.own && std::holds_alternative<model::Deliver>(*move.own);
    };
    if (holds_ && delivers_at_once_)
      std::erase_if(all, [&](const Move& move) { return !is_delivery(move); });
    if (all.empty() || (holds_ && !delivers_at_once_)) return;
    make(all.front());
  }
}

void Expected::hold(std::optional<Command::Mishap> mishap, bool delivers_at_once) {
  holds_ = true;
  delivers_at_once_ = delivers_at_once;
  mishap_ = mishap;
  for (const auto& shown : shown_) frames_before_.push_back(shown.frames);
}

std::vector<Expected::Move> Expected::moves() const {
  std::vector<Move> all;
  for (std::size_t site = 0; site < cast_->backends; ++site)
    for (auto& own : model::ready(stage_.backends[site])) all.push_back({site, std::move(own), 0});
  for (std::size_t call = 0; call < stage_.calls.size(); ++call)
    if (stage_.calls[call].stage != model::Call::Stage::served) all.push_back({0, {}, call});
  return all;
}

void Expected::make(const Move& move) {
  if (move.own) {
    model::run(stage_, backend_id(move.site), *move.own, nullptr);
  } else {
    move_call(move.call);
  }
  if (holds_) settle();
}

bool Expected::is_lost(const model::Call& call, bool is_answer) const {
  return mishap_ && mishap_->from == call.from && mishap_->to == call.to &&
         mishap_->kind == call.kind && mishap_->is_answer == is_answer;
}

void Expected::move_call(std::size_t number) {
  const auto& call = stage_.calls[number];
  const bool is_answer = call.stage == model::Call::Stage::answered;
  if (!is_answer && !holds_)
    calls_.push_back(call_line(model::name(call.from), model::name(call.to), text_of(call.kind)));
  if (is_lost(call, is_answer) || (!is_answer && !is_up(call.to.value))) {
    model::lose(stage_, number, nullptr);
  } else if (is_answer) {
    model::return_answer(stage_, number, nullptr);
  } else {
    model::arrive(stage_, number, node, nullptr);
  }
}

void Expected::look_at_inboxes(Seen& seen) {
  for (std::size_t person = 0; person < cast_->people.size(); ++person) {
    const auto& inbox = user(person).inbox;
    for (auto& place = shown_rows_[person]; place < inbox.size(); ++place)
      seen.push_back(stored_line(oracle::place_of(cast_->people[person].name, place),
                                 content_of(inbox[place], person)));
  }
}

void Expected::look_at_devices(Seen& seen) {
  Seen pushes;
  for (std::size_t i = 0; i < stage_.devices.size(); ++i) {
    const auto& device = stage_.devices[i];
    auto& shown = shown_[i];
    for (; shown.frames < device.framed.size(); ++shown.frames)
      seen.push_back(frame_of(i, device.framed[shown.frames]));
    for (; shown.passing < device.passing.size(); ++shown.passing)
      seen.push_back(passing_of(i, device.passing[shown.passing]));
    for (; shown.pushes < device.pushed.size(); ++shown.pushes)
      pushes.push_back(push_of(i, device.pushed[shown.pushes]));
  }
  std::sort(pushes.begin(), pushes.end());
  seen.insert(seen.end(), pushes.begin(), pushes.end());
}

bool Expected::agrees_with(const Overlap& seen) {
  for (std::size_t person = 0; person < cast_->people.size(); ++person) {
    const auto& inbox = user(person).inbox;
    if (inbox.size() > seen.inboxes[person].size()) return false;
    for (auto& place = shown_rows_[person]; place < inbox.size(); ++place)
      if (content_of(inbox[place], person) != seen.inboxes[person][place]) return false;
  }
  for (std::size_t i = 0; i < stage_.devices.size(); ++i) {
    const auto& framed = stage_.devices[i].framed;
    for (auto& frames = shown_[i].frames; frames < framed.size(); ++frames) {
      const auto place = frames - frames_before_[i];
      if (place >= seen.frames[i].size() || seen.frames[i][place] != frame_of(i, framed[frames]))
        return false;
    }
  }
  return true;
}

bool Expected::is_all_of(const Overlap& seen) const {
  Seen passing;
  for (std::size_t person = 0; person < cast_->people.size(); ++person)
    if (user(person).inbox.size() != seen.inboxes[person].size()) return false;
  for (std::size_t i = 0; i < stage_.devices.size(); ++i) {
    const auto& device = stage_.devices[i];
    if (device.framed.size() - frames_before_[i] != seen.frames[i].size()) return false;
    for (auto each = shown_[i].passing; each < device.passing.size(); ++each)
      passing.push_back(passing_of(i, device.passing[each]));
    for (auto each = shown_[i].pushes; each < device.pushed.size(); ++each)
      passing.push_back(push_of(i, device.pushed[each]));
  }
  std::sort(passing.begin(), passing.end());
  return passing == seen.passing;
}

std::string Expected::frame_of(std::size_t device, model::NotificationId id) const {
  const auto& [person, client, registered, name] = cast_->devices[device];
  const auto* row = model::find_by(user(person).inbox, id, &model::Notification::id);
  return frame_line(name, place_of(person, id),
                    row != nullptr ? content_of(*row, person) : Content{});
}

std::string Expected::passing_of(std::size_t device, model::Payload payload) const {
  const auto& message = messages_.at(model::message_of(payload));
  return passing_line(cast_->devices[device].name,
                      event_of(payload, message.shared, message.sender, message.conversation));
}

std::string Expected::push_of(std::size_t device, model::NotificationId id) const {
  return push_line(cast_->devices[device].name, place_of(cast_->devices[device].person, id));
}

Content Expected::content_of(const model::Notification& notification, std::size_t person) const {
  const auto& content = notification.content;
  Content told;
  if (notification.client)
    told.who = model::name(model::Client{cast_->people[person].user, *notification.client});
  if (!content.conversation) {
    told.event = events_.at(content.payload.value - first_event);
    return told;
  }
  told.event = event_of(content.payload, content.shared, content.sender, *content.conversation);
  return told;
}

std::string Expected::event_of(model::Payload payload, model::Payload shared,
                               const model::Client& sender,
                               model::ConversationId conversation) const {
  const auto talk = std::find_if(cast_->talks.begin(), cast_->talks.end(),
                                 [&](const Talk& each) { return each.id == conversation; });
  return message_event(
      ciphertext(model::message_of(payload), cast_->devices[model::client_of(payload)]),
      shared.value > 0 ? shared_data(shared.value - 1) : "", model::name(sender), talk->name);
}

std::string Expected::place_of(std::size_t person, model::NotificationId id) const {
  const auto& inbox = user(person).inbox;
  const auto* row = model::find_by(inbox, id, &model::Notification::id);
  const auto& name = cast_->people[person].name;
  if (row == nullptr) return name + "'s unknown";
  return oracle::place_of(name, static_cast<std::size_t>(row - inbox.data()));
}

}  // namespace twostep::properties::oracle
