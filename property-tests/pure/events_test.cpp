// What is written by hand, parsed by another parser and compared with the tree that it should be: events,
// pages and frames spliced together, sending statuses.
#include "impl/wire/event.hpp"

#include <nlohmann/json.hpp>

#include "impl/core/conversation_action.hpp"
#include "impl/wire/base64.hpp"
#include "impl/wire/conversation_events.hpp"
#include "impl/wire/frame.hpp"
#include "impl/wire/json_text.hpp"
#include "impl/wire/message.hpp"
#include "impl/wire/page.hpp"
#include "property-tests/pure/codec.hpp"
#include "property-tests/pure/generators.hpp"
#include "property-tests/pure/property.hpp"

namespace twostep::properties {
namespace {

using nlohmann::json;

wire::EventOrigin any_origin() {
  return {.conversation = {*domain(), *conversation()},
          .from = {*domain(), *user()},
          .time = *wire_instant() + Ticks{static_cast<std::int64_t>(*below(10'000))}};
}

json event_tree(const std::string& type, const wire::EventOrigin& origin, const json& data) {
  return {{"type", type},
          {"conversation", origin.conversation.id.text()},
          {"qualified_conversation", name_tree(origin.conversation)},
          {"from", origin.from.id.text()},
          {"qualified_from", name_tree(origin.from)},
          {"time", wire::millisecond_time(origin.time)},
          {"via", "user"},
          {"data", data}};
}

// --- Messages ------------------------------------------------------------------------------

using EventFor =
    std::function<std::string(const wire::MessageEvents&, ClientId, const std::string&)>;

Property events_carry_their_own_ciphertext(const EventFor& event_for) {
  return [event_for] {
    const auto origin = any_origin();
    const auto sender = *client();
    const auto blob = *octets();
    const wire::MessageEvents events{origin, sender, blob};
    auto data = json{{"sender", sender.text()}, {"data", wire::base64(blob)}};
    for (auto count = 1 + *below(3); count > 0; --count) {
      const auto recipient = *client();
      const auto ciphertext = *octets();
      reached("no ciphertext", ciphertext.empty());
      reached("a blob", !blob.empty());
      const auto event = event_for(events, recipient, ciphertext);
      data["recipient"] = recipient.text();
      data["text"] = wire::base64(ciphertext);
      RC_ASSERT(json::parse(event) == event_tree("conversation.otr-message-add", origin, data));

      auto later = origin;
      later.time = *wire_instant();
      const auto again = events.at_time(event, wire::millisecond_time(later.time));
      RC_ASSERT(json::parse(again) == event_tree("conversation.otr-message-add", later, data));
    }
  };
}

TEST(EventTexts, OfAMessageCarryWhatIsForTheirRecipient) {
  expect_always(events_carry_their_own_ciphertext(&wire::MessageEvents::event_for),
                {"no ciphertext", "a blob"});
  expect_refuted(events_carry_their_own_ciphertext(
      [](const wire::MessageEvents& events, ClientId recipient, const std::string& ciphertext) {
        static std::string before;
        auto event = events.event_for(recipient, before);
        before = ciphertext;
        return event;
      }));
}

// --- Conversations -------------------------------------------------------------------------

QualifiedUser any_name() { return {*domain(), *user()}; }

Role any_role() { return *one_in(2) ? Role::admin : Role::member; }

std::vector<QualifiedUser> any_names() {
  std::vector<QualifiedUser> names;
  for (auto count = 1 + *below(3); count > 0; --count) names.push_back(any_name());
  return names;
}

ConversationAction any_action(const QualifiedUser& by) {
  switch (*below(7)) {
    case 0:
      return MembersJoined{any_names(), any_role()};
    case 1:
      return MembersGone{any_names()};
    case 2:
      return MembersGone{{by}};
    case 3:
      return Renamed{*text()};
    case 4:
      return MessageTimerChanged{*one_in(3) ? std::nullopt
                                            : std::optional<std::int64_t>{*number(INT64_MAX)}};
    case 5:
      return ReceiptModeChanged{static_cast<std::int64_t>(*number(UINT64_MAX))};
    default:
      return RoleChanged{{any_name(), any_role()}};
  }
}

std::string role_text(Role role) { return role == Role::admin ? "wire_admin" : "wire_member"; }

struct Told {
  std::string type;
  json data;
};

Told told(const wire::EventOrigin& origin, const ConversationAction& action) {
  auto names = json::array(), ids = json::array();
  if (const auto* joined = std::get_if<MembersJoined>(&action)) {
    for (const auto& name : joined->users) {
      names.push_back({{"qualified_id", name_tree(name)},
                       {"id", name.id.text()},
                       {"conversation_role", role_text(joined->role)}});
      ids.push_back(name.id.text());
    }
    return {"conversation.member-join",
            {{"users", names}, {"user_ids", ids}, {"add_type", "internal_add"}}};
  }
  if (const auto* gone = std::get_if<MembersGone>(&action)) {
    for (const auto& name : gone->users) {
      names.push_back(name_tree(name));
      ids.push_back(name.id.text());
    }
    const bool left = gone->users == std::vector{origin.from};
    return {
        "conversation.member-leave",
        {{"qualified_user_ids", names}, {"user_ids", ids}, {"reason", left ? "left" : "removed"}}};
  }
  if (const auto* renamed = std::get_if<Renamed>(&action))
    return {"conversation.rename", {{"name", renamed->name}}};
  if (const auto* timer = std::get_if<MessageTimerChanged>(&action))
    return {"conversation.message-timer-update",
            {{"message_timer", timer->timer_ms ? json(*timer->timer_ms) : json()}}};
  if (const auto* mode = std::get_if<ReceiptModeChanged>(&action))
    return {"conversation.receipt-mode-update", {{"receipt_mode", mode->mode}}};
  const auto& member = std::get<RoleChanged>(action).member;
  return {"conversation.member-update",
          {{"target", member.user.id.text()},
           {"qualified_target", name_tree(member.user)},
           {"conversation_role", role_text(member.role)}}};
}

TEST(EventTexts, OfAConversationSayWhatHappened) {
  expect_always(
      [] {
        const auto origin = any_origin();
        const auto action = any_action(origin.from);
        const auto expected = told(origin, action);
        reached("left", expected.data.contains("reason") && expected.data["reason"] == "left");
        reached("removed",
                expected.data.contains("reason") && expected.data["reason"] == "removed");
        reached("several",
                expected.data.contains("user_ids") && expected.data["user_ids"].size() > 1);
        reached("a timer that ends", expected.data.contains("message_timer") &&
                                         expected.data["message_timer"].is_null());
        for (const auto* type : {"rename", "receipt-mode-update", "member-join", "member-update"})
          reached(type, expected.type == "conversation." + std::string{type});
        RC_ASSERT(json::parse(wire::event_of(origin, action)) ==
                  event_tree(expected.type, origin, expected.data));
      },
      {"left", "removed", "several", "a timer that ends", "rename", "receipt-mode-update",
       "member-join", "member-update"});
}

TEST(EventTexts, SpliceWhatTheyAreGiven) {
  expect_always([] {
    const auto origin = any_origin();
    const auto type = *text();
    const json data{
        {"name", *text()}, {"number", *number(UINT64_MAX)}, {"list", json::array({*text()})}};
    const auto expected = event_tree(type, origin, data);
    RC_ASSERT(json::parse(wire::conversation_event(type, origin, data)) == expected);
    RC_ASSERT(json::parse(wire::conversation_event_of(type, origin, data.dump())) == expected);
    RC_ASSERT(json::parse(wire::create_event(origin, data.dump())) ==
              event_tree("conversation.create", origin, data));
    const auto typing = *one_in(2) ? wire::Typing::started : wire::Typing::stopped;
    RC_ASSERT(json::parse(wire::typing_event(origin, typing)) ==
              event_tree("conversation.typing", origin,
                         {{"status", typing == wire::Typing::started ? "started" : "stopped"}}));
  });
}

TEST(EventTexts, OfAMembersOwnStateSayJustWhatChanged) {
  expect_always([] {
    const auto origin = any_origin();
    json data{{"target", origin.from.id.text()}, {"qualified_target", name_tree(origin.from)}};
    OwnState changed;
    if (*one_in(2)) data["otr_muted_status"] = *(changed.muted_status = *number(INT64_MAX));
    if (*one_in(2)) data["otr_muted_ref"] = *(changed.muted_ref = *text());
    if (*one_in(2)) data["otr_archived"] = *(changed.archived = *one_in(2));
    if (*one_in(2)) data["otr_archived_ref"] = *(changed.archived_ref = *text());
    if (*one_in(2)) data["hidden"] = *(changed.hidden = *one_in(2));
    if (*one_in(2)) data["hidden_ref"] = *(changed.hidden_ref = *text());
    RC_ASSERT(json::parse(wire::own_state_event(origin, changed)) ==
              event_tree("conversation.member-update", origin, data));
  });
}

// --- Pages ---------------------------------------------------------------------------------

struct Entry {
  TimeUuid id;
  json event;
};

using MakePage = std::function<std::string(const std::vector<Entry>&, bool has_more, Instant time)>;

std::string page_of(const std::vector<Entry>& entries, bool has_more, Instant time) {
  wire::PageWriter page;
  std::size_t count = 0;
  for (const auto& [id, event] : entries) {
    const auto before = page.bytes();
    page.add(id, event.dump());
    RC_ASSERT(page.count() == ++count);
    RC_ASSERT(page.bytes() >= before + event.dump().size());
  }
  return std::move(page).finish(has_more, time);
}

Property a_page_is_what_went_in(const MakePage& make) {
  return [make] {
    std::vector<Entry> entries;
    auto list = json::array();
    for (auto count = *below(5); count > 0; --count) {
      const json event{{"type", *text()}, {"payload", *text()}, {"has_more", *one_in(2)}};
      entries.push_back({*time_uuid(), event});
      list.push_back({{"id", entries.back().id.text()}, {"payload", json::array({event})}});
    }
    const bool has_more = *one_in(2);
    const auto time = *wire_instant();
    reached("empty", entries.empty());
    reached("several", entries.size() > 1);
    const json expected{
        {"notifications", list}, {"has_more", has_more}, {"time", wire::second_time(time)}};
    RC_ASSERT(json::parse(make(entries, has_more, time), nullptr, false) == expected);
  };
}

TEST(Pages, AreWhatWentIn) {
  expect_always(a_page_is_what_went_in(&page_of), {"empty", "several"});
}

TEST(Pages, ThatAreSplicedWrongAreFound) {
  expect_refuted(
      a_page_is_what_went_in([](std::vector<Entry> entries, bool has_more, Instant time) {
        if (!entries.empty()) entries.pop_back();
        return page_of(entries, has_more, time);
      }));
  expect_refuted(a_page_is_what_went_in([](const auto& entries, bool has_more, Instant time) {
    return page_of(entries, has_more || !entries.empty(), time);
  }));
  expect_refuted(a_page_is_what_went_in([](const auto& entries, bool has_more, Instant time) {
    auto page = page_of(entries, has_more, time);
    if (const auto comma = page.find("},{"); comma != page.npos) page.erase(comma + 1, 1);
    return page;
  }));
}

TEST(Pages, AndFramesSayTheSameOfANotification) {
  expect_always([] {
    const auto id = *time_uuid();
    const json event{{"type", *text()}, {"data", *text()}};
    json expected{{"id", id.text()}, {"payload", json::array({event})}};
    RC_ASSERT(json::parse(wire::notification(id, event.dump())) == expected);
    expected["transient"] = false;
    RC_ASSERT(json::parse(wire::notification_frame(id, event.dump())) == expected);
    expected["transient"] = true;
    RC_ASSERT(json::parse(wire::transient_frame(id, event.dump())) == expected);
  });
}

// --- The status that answers a message -----------------------------------------------------

json tree_of(const ClientsOfUsers& users) {
  auto tree = json::object();
  for (const auto& [user, set] : users)
    for (const auto client : set) tree[user.text()].push_back(client.text());
  return tree;
}

json tree_of(const Clients& clients) {
  auto tree = json::object();
  for (const auto& [domain, users] : clients) tree[domain.text()] = tree_of(users);
  return tree;
}

TEST(SendingStatuses, AreTheirSetsAlwaysAllOfThem) {
  expect_always(
      [] {
        const SendingStatus status{.time = *wire_instant(),
                                   .missing = *clients(),
                                   .redundant = *clients(),
                                   .deleted = *clients(),
                                   .failed_to_send = *clients()};
        reached("nobody missing", status.missing.empty());
        reached("of several backends", status.missing.size() > 1);
        json expected{{"time", wire::millisecond_time(status.time)},
                      {"missing", tree_of(status.missing)},
                      {"redundant", tree_of(status.redundant)},
                      {"deleted", tree_of(status.deleted)},
                      {"failed_to_send", tree_of(status.failed_to_send)},
                      {"failed_to_confirm_clients", json::object()}};
        RC_ASSERT(json::parse(wire::encode_sending_status(status)) == expected);

        const auto own = *Domain::parse("a.example");
        const auto of_own = [&](const Clients& clients) {
          const auto found = clients.find(own);
          return found == clients.end() ? json::object() : tree_of(found->second);
        };
        expected = {{"time", wire::millisecond_time(status.time)},
                    {"missing", of_own(status.missing)},
                    {"redundant", of_own(status.redundant)},
                    {"deleted", of_own(status.deleted)}};
        RC_ASSERT(json::parse(wire::encode_legacy_status(status, own)) == expected);
      },
      {"nobody missing", "of several backends"});
}

}  // namespace
}  // namespace twostep::properties
