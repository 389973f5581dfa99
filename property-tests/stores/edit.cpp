#include "property-tests/stores/edit.hpp"

#include <algorithm>
#include <array>
#include <sstream>
#include <string_view>

#include "impl/core/limits.hpp"
#include "property-tests/stores/cast.hpp"
#include "property-tests/stores/words.hpp"

namespace twostep::properties::stores {
namespace {

/// The kind that comes first is the plainest, and what a smaller history is made of.
constexpr std::array<std::string_view, 25> kinds = {"tell",
                                                    "trim",
                                                    "look",
                                                    "put account",
                                                    "put client",
                                                    "erase client",
                                                    "touch client",
                                                    "put prekey",
                                                    "claim prekey",
                                                    "remove prekeys",
                                                    "put conversation",
                                                    "note change",
                                                    "put member",
                                                    "erase member",
                                                    "note joined",
                                                    "put own state",
                                                    "put connection",
                                                    "put cookie",
                                                    "erase cookie",
                                                    "erase cookies labelled",
                                                    "put push token",
                                                    "remove push token",
                                                    "remove dead push token",
                                                    "remove push tokens",
                                                    "overlong key"};
static_assert(kinds.size() == static_cast<std::size_t>(EditKind::overlong_key) + 1);

/// Octets of a notification; the last do not fit into a page of a database.
constexpr std::array<std::size_t, 4> sizes = {0, 150, 1'900, 9'000};

constexpr std::size_t edits_max = 5;

std::optional<std::string> some(bool there, const char* word, std::uint32_t number) {
  return there ? std::optional{word + std::to_string(number)} : std::nullopt;
}

Edit any_edit(Choices& choices) {
  Edit edit;
  // Half of all edits tell: inboxes are what this is about.
  if (!choices.chance(500)) {
    edit.kind = EditKind::tell;
  } else {
    edit.kind = static_cast<EditKind>(choices.below(static_cast<std::uint32_t>(kinds.size())));
    // What throws takes its whole change away, so it is rare.
    if (edit.kind == EditKind::overlong_key && !choices.chance(200)) edit.kind = EditKind::trim;
  }
  edit.user = choices.below(users.size());
  edit.other = choices.below(people.size());
  edit.device = choices.below(edit.kind == EditKind::tell ? 8 : devices.size());
  edit.thing = choices.below(4);
  edit.value = choices.below(9);
  edit.when = choices.below(Edit::past_the_end);
  if (choices.chance(10)) edit.when = Edit::past_the_end;
  return edit;
}

}  // namespace

Instant Edit::time() const { return when == past_the_end ? beyond_time : moment(when); }

Instant Edit::clock() const { return Instant{std::chrono::microseconds{700 * when}}; }

Instant Edit::day() const { return Instant{std::chrono::days{value} + std::chrono::hours{when}}; }

bool Change::throws() const {
  return gives_up || std::any_of(edits.begin(), edits.end(), [](const Edit& edit) {
           return edit.kind == EditKind::overlong_key ||
                  (edit.kind == EditKind::tell && edit.when == Edit::past_the_end);
         });
}

Change any_change(Choices& choices) {
  Change change;
  do change.edits.push_back(any_edit(choices));
  while (choices.chance(600) && change.edits.size() < edits_max);
  change.gives_up = choices.chance(60);
  return change;
}

std::string told(const Change& change) {
  std::ostringstream out;
  const char* between = "";
  for (const auto& edit : change.edits) {
    out << std::exchange(between, ", ") << kinds[static_cast<std::size_t>(edit.kind)] << " ("
        << name_of(users[edit.user]) << " other " << edit.other << " device " << edit.device
        << " thing " << edit.thing << " value " << edit.value << " when " << edit.when << ')';
  }
  if (change.gives_up) out << between << "give up";
  return out.str();
}

std::string told(const Question& question) {
  std::ostringstream out;
  out << "page of " << question.size << " for " << name_of(question.user);
  if (question.client) out << ' ' << name_of(*question.client);
  if (question.since) out << " since " << name_of(*question.since);
  out << ", expired before " << name_of(question.oldest);
  if (question.after) out << ", lists after " << *question.after;
  return out.str();
}

std::vector<UserId> inboxes_in(const Edit& edit) {
  std::vector<UserId> chosen;
  for (std::uint32_t n = 0; n < users.size(); ++n)
    if (n == edit.user || (edit.other >> (n > edit.user ? n - 1 : n) & 1) != 0)
      chosen.push_back(users[n]);
  return chosen;
}

std::vector<ClientId> targets_in(const Edit& edit) {
  std::vector<ClientId> chosen;
  for (std::uint32_t n = 0; n < devices.size(); ++n)
    if ((edit.device >> n & 1) != 0) chosen.push_back(devices[n]);
  return chosen;
}

std::string event_in(const Edit& edit) {
  return "{\"n\":" + std::to_string(edit.value) + ",\"pad\":\"" +
         std::string(sizes[edit.thing], static_cast<char>('a' + edit.value)) + "\"}";
}

Account account_in(const Edit& edit) {
  Account account{.id = users[edit.user],
                  .name = "name " + std::to_string(edit.thing),
                  .email = std::nullopt,
                  .handle = std::nullopt,
                  .accent_id = edit.device,
                  .locale = "en",
                  .password_hash = "hash " + std::to_string(edit.when)};
  if (const auto n = edit.value % 3; n > 0)
    account.email = EmailAddress::parse("e" + std::to_string(n) + "@mail.example");
  if (const auto n = edit.value / 3; n > 0)
    account.handle = Handle::parse("handle" + std::to_string(n));
  return account;
}

Client client_in(const Edit& edit) {
  return {.id = devices[edit.device],
          .type = edit.value % 2 == 0 ? ClientType::permanent : ClientType::temporary,
          .registered = moment(edit.when % Edit::past_the_end),
          .device_class = some(edit.value % 3 == 1, "class", edit.thing),
          .label = some(edit.value > 4, "label", edit.value),
          .cookie = some(edit.thing > 1, "cookie", edit.thing),
          .model = some(edit.thing % 2 == 1, "model", edit.value),
          .capabilities = std::vector<std::string>(edit.thing, "capable"),
          .last_active = std::nullopt};
}

Prekey prekey_in(const Edit& edit) {
  constexpr std::array<std::uint16_t, 4> numbers = {0, 1, 256, limits::last_resort_prekey_id};
  return {.id = numbers[edit.thing], .key = "key" + std::to_string(edit.value)};
}

Conversation conversation_in(const Edit& edit) {
  Conversation conversation{
      .id = conversations[edit.thing % 3],
      .type = edit.value > 6 ? ConversationType::connect : ConversationType::group,
      .creator = users[edit.user],
      .name = some(edit.value > 2, "name", edit.value),
      .access = std::vector<std::string>(edit.value % 3, "invite"),
      .access_role = std::vector<std::string>(edit.device, "team_member")};
  if (edit.other % 2 == 1) conversation.message_timer_ms = edit.when;
  if (edit.other > 1) conversation.receipt_mode = edit.value;
  return conversation;
}

Member member_in(const Edit& edit) {
  return {.user = people[edit.other], .role = edit.value % 2 == 0 ? Role::admin : Role::member};
}

OwnState own_state_in(const Edit& edit) {
  OwnState state;
  if (edit.value % 2 == 1) {
    state.muted_status = edit.value;
    state.archived = edit.value > 4;
    state.hidden = edit.value > 6;
  }
  state.muted_ref = some(edit.value > 2, "muted", edit.value);
  state.archived_ref = some(edit.value > 3, "archived", edit.value);
  state.hidden_ref = some(edit.value > 5, "hidden", edit.value);
  return state;
}

Connection connection_in(const Edit& edit) {
  return {.from = users[edit.user],
          .to = people[edit.other],
          .status = relations[edit.value % relations.size()],
          .last_update = Instant{std::chrono::milliseconds{edit.when}},
          .conversation = conversations[edit.thing]};
}

Cookie cookie_in(const Edit& edit) {
  return {.number = edit.thing == 3 ? ~std::uint64_t{0} : edit.thing,
          .persistent = edit.value % 2 == 1,
          .issued = std::chrono::sys_seconds{std::chrono::seconds{edit.when}},
          .expires = std::chrono::sys_seconds{std::chrono::seconds{edit.when + edit.value}},
          .label = some(edit.value > 3, "label", edit.value % 2)};
}

PushToken push_token_in(const Edit& edit) {
  return {.transport = edit.thing % 2 == 0 ? "GCM" : "APNS",
          .app = edit.thing > 1 ? "app" : "",
          .token = "token" + std::to_string(edit.value % 3),
          .client = devices[edit.device],
          .registered_on = {edit.other}};
}

}  // namespace twostep::properties::stores
