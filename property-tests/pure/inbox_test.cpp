// Inboxes, and the pages in which they are read, against a list.
#include "impl/store/inbox.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "impl/service/catch_up.hpp"
#include "impl/service/fakes.hpp"
#include "impl/store/memory.hpp"
#include "impl/store/testing.hpp"
#include "property-tests/pure/generators.hpp"
#include "property-tests/pure/property.hpp"

namespace twostep::properties {
namespace {

using store::IdPolicy;

constexpr Instant beginning{std::chrono::sys_days{std::chrono::year{2025} / 6 / 1}};
constexpr Ticks retention = std::chrono::hours{1};
constexpr ClientId phone{0xa}, laptop{0xb};
const std::vector<UserId> people{*UserId::parse("b0b00000-0000-4000-8000-000000000001"),
                                 *UserId::parse("a11ce000-0000-4000-8000-000000000002")};

/// What was kept for one user, as a list that is sorted when it is asked.
struct Kept {
  TimeUuid id;
  std::string event;
  std::vector<ClientId> targets;
  ConnectionId origin;

  bool is_for(std::optional<ClientId> client) const {
    return !client || targets.empty() || std::count(targets.begin(), targets.end(), *client) > 0;
  }
  friend bool operator==(const Kept&, const Kept&) = default;
};

using Inbox = std::vector<Kept>;

/// A node that keeps notifications at whatever its clock says.
struct Node {
  explicit Node(IdPolicy chosen) : policy{chosen} {
    fakes.backend.id_policy = policy;
    fakes.backend.retention = retention;
    fakes.clock.set(beginning);
  }

  void keep(std::size_t person) {
    Kept row{.id = TimeUuid::at(beginning, {}),
             .event = "{\"n\":" + std::to_string(++count) + "}",
             .targets = {},
             .origin = {*below(3)}};
    if (*one_in(2)) row.targets.push_back(*one_in(2) ? phone : laptop);
    if (*one_in(8)) row.targets = {laptop, phone};
    const store::IdSource ids{
        .policy = policy, .now = fakes.clock.now(), .origin = {.sequence = 5, .node = 77}};
    const auto& user = people[person];
    const auto done = store::testing::write(memory, [&](store::Transaction& rows) {
      const auto before = store::head(rows, user);
      const auto stored = store::append(
          rows, ids,
          {.user = user, .targets = row.targets, .origin = row.origin, .event = row.event});
      RC_ASSERT(stored.previous == before);
      RC_ASSERT(before == heads[person]);
      row.id = stored.id;
      if (policy == IdPolicy::monotonic) {  // TID-05; and close to the clock (TID-07).
        const auto earliest = before ? std::max(ids.now, before->instant() + Ticks{1}) : ids.now;
        RC_ASSERT(row.id.instant() == earliest);
      } else {
        RC_ASSERT(row.id.instant() >= ids.now);
      }
      RC_ASSERT(all_ids.insert(row.id.text()).second);  // TID-02.
      heads[person] = std::max(heads[person].value_or(row.id), row.id);
      RC_ASSERT(store::head(rows, user) == heads[person]);
    });
    RC_ASSERT(done.has_value());
    inboxes[person].push_back(row);
    std::sort(inboxes[person].begin(), inboxes[person].end(),
              [](const Kept& left, const Kept& right) { return left.id < right.id; });
  }

  /// Removes what has expired from the store, and from the list.
  void trim(std::size_t person, std::size_t rows_max) {
    const auto done = store::testing::write(memory, [&](store::Transaction& rows) {
      auto& inbox = inboxes[person];
      const auto expired = static_cast<std::size_t>(inbox.end() - first_kept(inbox));
      const auto gone = inbox.size() - expired;
      RC_ASSERT(store::has_expired(rows, people[person], oldest()) == (gone > 0));
      RC_ASSERT(store::trim(rows, people[person], oldest(), rows_max) == std::min(gone, rows_max));
      inbox.erase(inbox.begin(),
                  inbox.begin() + static_cast<std::ptrdiff_t>(std::min(gone, rows_max)));
      RC_ASSERT(store::head(rows, people[person]) == heads[person]);
    });
    RC_ASSERT(done.has_value());
  }

  Instant oldest() const { return fakes.clock.now() - retention; }

  Inbox::iterator first_kept(Inbox& inbox) const {
    return std::find_if(inbox.begin(), inbox.end(),
                        [&](const Kept& row) { return row.id.instant() >= oldest(); });
  }

  /// What somebody who reads now is to find after `since`.
  Inbox expected(std::size_t person, std::optional<TimeUuid> since,
                 std::optional<ClientId> client) {
    Inbox found;
    for (auto row = first_kept(inboxes[person]); row != inboxes[person].end(); ++row)
      if ((!since || *since < row->id) && row->is_for(client)) found.push_back(*row);
    return found;
  }

  bool is_known(std::size_t person, const TimeUuid& id) {
    const auto& inbox = inboxes[person];
    return id.instant() >= oldest() &&
           std::any_of(inbox.begin(), inbox.end(), [&](const Kept& row) { return row.id == id; });
  }

  IdPolicy policy;
  int count = 0;
  Inbox inboxes[2];
  std::optional<TimeUuid> heads[2];
  std::set<std::string> all_ids;
  store::MemoryStore memory;
  service::FakeWorld fakes{memory};
};

/// A pointer: none, one that is known, that was known, or that nobody ever had.
std::optional<TimeUuid> any_pointer(const Node& node) {
  if (*one_in(3)) return std::nullopt;
  if (*one_in(4)) return *time_uuid();
  std::vector<std::string> ids{node.all_ids.begin(), node.all_ids.end()};
  if (ids.empty()) return std::nullopt;
  const auto id = *TimeUuid::parse(ids[*below(ids.size())]);
  if (!*one_in(6)) return id;
  return TimeUuid::at(id.instant(), {.sequence = id.origin().sequence, .node = 1});
}

/// A few things that can happen to inboxes.
void live(Node& node) {
  for (auto count = *below(25); count > 0; --count) {
    switch (*below(8)) {
      case 0:
        node.fakes.clock.advance(Ticks{static_cast<std::int64_t>(*below(3))});
        break;
      case 1:
        node.fakes.clock.advance(std::chrono::minutes{*below(70)});
        break;
      case 2:
        node.fakes.clock.advance(-std::chrono::minutes{*below(30)});
        break;
      case 3:
        node.trim(*below(2), *below(4));
        break;
      default:
        node.keep(*below(2));
        break;
    }
  }
}

IdPolicy any_policy() { return *one_in(3) ? IdPolicy::wall_clock : IdPolicy::monotonic; }

Kept row_of(const store::NotificationView& view) {
  return {view.id, std::string{view.event}, view.clients(), view.origin};
}

TEST(Inboxes, AreTheListsOfWhatWasKept) {
  expect_always(
      [] {
        Node node{any_policy()};
        live(node);
        const auto person = *below(2);
        const auto& user = people[person];
        const auto since = any_pointer(node);
        auto expected = node.expected(person, since, std::nullopt);
        const auto oldest = node.oldest();
        reached("nothing", expected.empty());
        reached("several", expected.size() > 2);
        reached("expired rows",
                node.first_kept(node.inboxes[person]) != node.inboxes[person].begin());
        reached("after a pointer", since && !expected.empty());
        reached("another's pointer",
                since && !node.is_known(person, *since) && node.is_known(1 - person, *since));
        const auto done = store::testing::read(node.memory, [&](const store::Reader& reader) {
          Inbox found;
          store::visit_after(reader, user, since, oldest, [&](const store::NotificationView& view) {
            for (const auto client : {phone, laptop, ClientId{1}})
              RC_ASSERT(view.is_for(client) == row_of(view).is_for(client));
            found.push_back(row_of(view));
            return true;
          });
          RC_ASSERT(found == expected);

          const auto enough = 1 + *below(4);
          Inbox newest;
          store::visit_newest_first(reader, user, oldest, [&](const store::NotificationView& view) {
            newest.push_back(row_of(view));
            return newest.size() < enough;
          });
          auto all = node.expected(person, std::nullopt, std::nullopt);
          std::reverse(all.begin(), all.end());
          if (all.size() > enough)
            all.erase(all.begin() + static_cast<std::ptrdiff_t>(enough), all.end());
          RC_ASSERT(newest == all);

          if (since) {
            const auto one = store::find_notification(reader, user, *since, oldest);
            RC_ASSERT(one.has_value() == node.is_known(person, *since));
            RC_ASSERT(store::contains(reader, user, *since, oldest) == one.has_value());
            if (one) RC_ASSERT(one->id == *since);
          }
          RC_ASSERT(store::head(reader, user) == node.heads[person]);
        });
        RC_ASSERT(done.has_value());
      },
      {"nothing", "several", "expired rows", "after a pointer", "another's pointer"});
}

// --- Pages ---------------------------------------------------------------------------------

using Ask = std::function<Result<service::Page>(Node&, std::size_t, service::CatchUp)>;

Result<service::Page> ask(Node& node, std::size_t person, service::CatchUp request) {
  return store::testing::wait_for(service::catch_up(node.fakes.backend, people[person], request));
}

Property pages_are_the_inbox(const Ask& catch_up) {
  return [catch_up] {
    Node node{any_policy()};
    live(node);
    const auto person = *below(2);
    service::CatchUp request{.since = any_pointer(node)};
    if (*one_in(2)) request.client = *one_in(2) ? phone : laptop;
    request.gap = *one_in(2) ? service::Gap::tell : service::Gap::refuse;
    const bool gap = request.since && !node.is_known(person, *request.since);
    auto expected = node.expected(person, request.since, request.client);
    reached("a gap", gap);
    reached("no gap", request.since && !gap);

    std::size_t pages = 0;
    for (bool more = true; more; ++pages) {
      request.size = 1 + *below(4);
      reached("exactly the rest", expected.size() == request.size);
      const auto page = catch_up(node, person, request);
      if (gap && request.gap == service::Gap::refuse) {
        RC_ASSERT(!page.has_value());
        RC_ASSERT(page.error().reason == Reason::not_found);
        return;
      }
      RC_ASSERT(page.has_value());
      RC_ASSERT(page->gap == (pages == 0 && gap));
      const auto json = nlohmann::json::parse(page->body);
      const auto take = std::min(expected.size(), request.size);
      RC_ASSERT(json["notifications"].size() == take);
      for (std::size_t i = 0; i < take; ++i) {
        const auto& one = json["notifications"][i];
        RC_ASSERT(one["id"] == expected[i].id.text());
        RC_ASSERT(one["payload"] ==
                  nlohmann::json::array({nlohmann::json::parse(expected[i].event)}));
      }
      expected.erase(expected.begin(), expected.begin() + static_cast<std::ptrdiff_t>(take));
      more = json["has_more"].get<bool>();
      RC_ASSERT(more == !expected.empty());
      if (more)
        request.since = TimeUuid::parse(json["notifications"].back()["id"].get<std::string>());
    }
    reached("several pages", pages > 1);
    if (request.client) reached("of one client", pages > 1);
  };
}

TEST(InboxPages, OfAnySizesAreTheInbox) {
  expect_always(pages_are_the_inbox(&ask),
                {"a gap", "no gap", "exactly the rest", "several pages", "of one client"});
}

TEST(InboxPages, ThatLoseOrRepeatSomethingAreFound) {
  expect_refuted(pages_are_the_inbox([](Node& node, std::size_t person, service::CatchUp request) {
    request.size += 1;
    return ask(node, person, request);
  }));
  expect_refuted(pages_are_the_inbox([](Node& node, std::size_t person, service::CatchUp request) {
    request.gap = service::Gap::tell;  // A gap is never refused.
    return ask(node, person, request);
  }));
  expect_refuted(pages_are_the_inbox([](Node& node, std::size_t person, service::CatchUp request) {
    request.client.reset();  // Everything, whoever it is for.
    return ask(node, person, request);
  }));
  expect_refuted(pages_are_the_inbox([](Node& node, std::size_t person, service::CatchUp request) {
    if (request.since && !node.is_known(person, *request.since)) request.since.reset();
    return ask(node, person, request);
  }));
}

TEST(InboxPages, TheNewestAndAnyOneAreAsInTheList) {
  expect_always(
      [] {
        Node node{any_policy()};
        live(node);
        const auto person = *below(2);
        std::optional<ClientId> client;
        if (*one_in(2)) client = *one_in(2) ? phone : laptop;
        const auto visible = node.expected(person, std::nullopt, client);
        const auto text_of = [](const Kept& row) {
          return "{\"id\":\"" + row.id.text() + "\",\"payload\":[" + row.event + "]}";
        };
        const auto last = store::testing::wait_for(
            service::last_notification(node.fakes.backend, people[person], client));
        RC_ASSERT(last.has_value() == !visible.empty());
        if (last) RC_ASSERT(*last == text_of(visible.back()));

        const auto id = any_pointer(node);
        if (!id) return;
        const auto one = store::testing::wait_for(
            service::one_notification(node.fakes.backend, people[person], *id, client));
        const auto row = std::find_if(visible.begin(), visible.end(),
                                      [&](const Kept& each) { return each.id == *id; });
        reached("there", row != visible.end());
        reached("for another client", row == visible.end() && node.is_known(person, *id));
        RC_ASSERT(one.has_value() == (row != visible.end()));
        if (one) RC_ASSERT(*one == text_of(*row));
        if (!one) RC_ASSERT(one.error().reason == Reason::not_found);
      },
      {"there", "for another client"});
}

}  // namespace
}  // namespace twostep::properties
