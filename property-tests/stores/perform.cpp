#include "property-tests/stores/perform.hpp"

#include <algorithm>
#include <chrono>
#include <sstream>
#include <stdexcept>

#include "impl/store/accounts.hpp"
#include "impl/store/clients.hpp"
#include "impl/store/connections.hpp"
#include "impl/store/conversations.hpp"
#include "impl/store/cookies.hpp"
#include "impl/store/inbox.hpp"
#include "impl/store/key.hpp"
#include "impl/store/limits.hpp"
#include "impl/store/prekeys.hpp"
#include "impl/store/push_tokens.hpp"
#include "impl/store/retention.hpp"
#include "property-tests/stores/cast.hpp"
#include "property-tests/stores/words.hpp"

namespace twostep::properties::stores {
namespace {

using store::NotificationView;
using store::Reader;
using store::Transaction;

std::string padded(std::uint64_t number) {
  auto text = std::to_string(number);
  return std::string(20 - text.size(), '0') + text;
}

void agree(bool holds, const char* what) {
  if (!holds) throw std::logic_error{std::string{"two ways to ask disagree: "} + what};
}

/// One change under way.
class Performing {
 public:
  Performing(Transaction& rows, const Ids& ids) : rows_{rows}, ids_{ids} {}

  void perform(const Edit& edit) {
    const auto& user = users[edit.user];
    const auto client = devices[edit.device % devices.size()];
    switch (edit.kind) {
      case EditKind::tell:
        for (const auto& inbox : inboxes_in(edit)) tell(edit, inbox);
        return;
      case EditKind::trim:
        return say(trim(rows_, user, edit.time(), edit.value));
      case EditKind::look:
        said_ << described(look(rows_));
        return;
      case EditKind::put_account:
        return put_account(edit);
      case EditKind::put_client:
        return put_client(rows_, user, client_in(edit));
      case EditKind::erase_client:
        return erase_client(rows_, user, client);
      case EditKind::touch_client:
        say(client_needs_touch(rows_, user, client, edit.day()));
        return touch_client(rows_, user, client, edit.day());
      case EditKind::put_prekey:
        return put_prekey(rows_, user, client, prekey_in(edit));
      case EditKind::claim_prekey: {
        const auto prekey = claim_prekey(rows_, user, client);
        return say(prekey ? std::to_string(prekey->id) + ' ' + prekey->key : "none");
      }
      case EditKind::remove_prekeys:
        return remove_prekeys(rows_, user, client);
      case EditKind::put_conversation:
      case EditKind::note_change:
      case EditKind::put_member:
      case EditKind::erase_member:
      case EditKind::note_joined:
      case EditKind::put_own_state:
        return in_conversation(edit);
      case EditKind::put_connection:
        return put_connection(rows_, connection_in(edit));
      case EditKind::put_cookie:
        return put_cookie(rows_, user, cookie_in(edit));
      case EditKind::erase_cookie:
        return erase_cookie(rows_, user, cookie_in(edit).number);
      case EditKind::erase_cookies_labelled:
        return erase_cookies_labelled(rows_, user, "label" + std::to_string(edit.value % 2));
      case EditKind::put_push_token:
        return put_push_token(rows_, user, push_token_in(edit));
      case EditKind::remove_push_token:
        return say(remove_push_token(rows_, user, push_token_in(edit).token));
      case EditKind::remove_dead_push_token:
        return say(remove_dead_push_token(rows_, user, push_token_in(edit)));
      case EditKind::remove_push_tokens:
        return remove_push_tokens(rows_, user, client);
      case EditKind::overlong_key:
        return rows_.put(std::string(store::limits::store_key_bytes_max + 1, 'x'), "");
    }
  }

  Said said() && { return {said_.str(), std::move(given_)}; }

 private:
  template <class T>
  void say(const T& word) {
    said_ << word << "; ";
  }

  void tell(const Edit& edit, const UserId& user) {
    const auto policy =
        ids_.by_wall_clock ? store::IdPolicy::wall_clock : store::IdPolicy::monotonic;
    const auto stored = append(rows_, {.policy = policy, .now = edit.time(), .origin = ids_.origin},
                               {.user = user,
                                .targets = targets_in(edit),
                                .origin = ConnectionId{edit.value},
                                .event = event_in(edit)});
    say(name_of(user) + ' ' + name_of(stored.id) + " after " +
        (stored.previous ? name_of(*stored.previous) : "none"));
    given_.push_back(stored.id);
  }

  // A name belongs to one account: who would use it checks that in the same transaction.
  void put_account(const Edit& edit) {
    auto account = account_in(edit);
    const auto of_another = [&](const auto& name) {
      const auto owner = name ? user_named(rows_, *name) : std::nullopt;
      return owner && *owner != account.id;
    };
    if (of_another(account.email)) account.email.reset();
    if (of_another(account.handle)) account.handle.reset();
    store::put_account(rows_, account);
  }

  void in_conversation(const Edit& edit) {
    const auto& conversation = conversations[edit.thing % 3];
    const auto& person = people[edit.other];
    const bool there_is = is_member(rows_, conversation, person);
    if (edit.kind == EditKind::put_conversation) {
      put_conversation(rows_, conversation_in(edit));
    } else if (edit.kind == EditKind::note_change) {
      const auto changed = time_of_change(rows_, conversation, edit.clock());
      put_time_of_change(rows_, conversation, changed);
      say(std::chrono::floor<std::chrono::milliseconds>(changed.time_since_epoch()).count());
    } else if (edit.kind == EditKind::put_member) {
      put_member(rows_, here, conversation, member_in(edit));
    } else if (edit.kind == EditKind::erase_member) {
      erase_member(rows_, here, conversation, person);
    } else if (edit.kind == EditKind::note_joined && there_is) {
      put_joined_at(rows_, conversation, person, edit.clock());
    } else if (edit.kind == EditKind::put_own_state && there_is && person.domain == here) {
      put_own_state(rows_, person.id, conversation, own_state_in(edit));
    }
  }

  Transaction& rows_;
  const Ids& ids_;
  std::ostringstream said_;
  std::vector<TimeUuid> given_;
};

/// Everything about one user that is not an inbox.
class UserRows {
 public:
  UserRows(const Reader& reader, const UserId& user, State& state)
      : reader_{reader}, user_{user}, name_{name_of(user)}, rows_{state.rows} {}

  void look() {
    account();
    clients();
    for (const auto& cookie : cookies(reader_, user_)) {
      const auto number = name_ + ' ' + padded(cookie.number);
      rows_["cookie " + number] = words(cookie);
      if (cookie.label) rows_["label " + number] = *cookie.label;
      const auto found = find_cookie(reader_, user_, cookie.number);
      agree(found && words(*found) == words(cookie) && found->label == cookie.label, "cookie");
    }
    ClientId before{0};
    for (const auto& token : push_tokens(reader_, user_)) {
      agree(before <= token.client, "order of push tokens");
      before = token.client;
      rows_["push " + name_ + ' ' + name_of(token.client) + ' ' + token.transport + ' ' +
            token.app] = words(token);
    }
    for (const auto& other : people) {
      const auto found = find_connection(reader_, user_, other);
      if (!found) continue;
      agree(found->from == user_ && found->to == other, "connection");
      rows_["connection " + name_ + ' ' + name_of(other)] = words(*found);
    }
  }

 private:
  void account() {
    const auto account = find_account(reader_, user_);
    agree(account_exists(reader_, user_) == account.has_value(), "account");
    if (!account) return;
    rows_["account " + name_] = words(*account);
  }

  void clients() {
    const auto all = store::clients(reader_, user_);
    std::vector<ClientId> listed;
    for (const auto& client : all) {
      listed.push_back(client.id);
      const auto name = name_ + ' ' + name_of(client.id);
      rows_["client " + name] = words(client);
      if (client.last_active)
        rows_["active " + name] = std::to_string(
            std::chrono::floor<std::chrono::days>(*client.last_active).time_since_epoch().count());
    }
    agree(listed == client_ids(reader_, user_), "clients");
    for (const auto device : devices) {
      const auto found = find_client(reader_, user_, device);
      const auto place = std::find(listed.begin(), listed.end(), device);
      agree(found.has_value() == (place != listed.end()), "client found and listed");
      agree(found.has_value() == has_client(reader_, user_, device), "client found");
      if (found)
        agree(words(*found) == words(all[static_cast<std::size_t>(place - listed.begin())]),
              "row of a client");
      prekeys(device);
    }
    agree(std::is_sorted(listed.begin(), listed.end()), "order of clients");
  }

  void prekeys(ClientId device) {
    const auto ids = prekey_ids(reader_, user_, device);
    agree(std::is_sorted(ids.begin(), ids.end()), "order of prekeys");
    for (const auto id : ids)
      rows_["prekey " + name_ + ' ' + name_of(device) + ' ' + padded(id)] =
          std::string{reader_.get(key_of(device, id)).value()};
  }

  // No function shows a prekey without taking it.
  std::string key_of(ClientId device, std::uint16_t id) const {
    return store::Key{store::Table::prekey}.add(user_).add(device).add(std::uint64_t{id}).bytes();
  }

  const Reader& reader_;
  const UserId& user_;
  const std::string name_;
  std::map<std::string, std::string>& rows_;
};

void look_at_conversation(const Reader& reader, const QualifiedConversation& conversation,
                          State& state) {
  const auto name = name_of(conversation);
  const auto found = find_conversation(reader, conversation);
  agree(found.has_value() == conversation_exists(reader, conversation), "conversation");
  const auto listed = members(reader, conversation);
  std::vector<QualifiedUser> names;
  for (const auto& member : listed) names.push_back(member.user);
  agree(names == member_ids(reader, conversation), "members");
  agree(std::is_sorted(names.begin(), names.end()), "order of members");
  for (const auto& person : people) {
    const auto member = find_member(reader, conversation, person);
    agree(member.has_value() == is_member(reader, conversation, person), "is a member");
    agree(member.has_value() == (std::count(names.begin(), names.end(), person) == 1), "listed");
  }
  if (conversation == conversations.back()) {  // It is there because the account is.
    const bool alone = names == std::vector{people.front()} && listed.front().role == Role::admin &&
                       found && found->type == ConversationType::self;
    agree(account_exists(reader, users.front()) ? alone : !found && names.empty(), "self");
    return;
  }
  if (found) state.rows["conversation " + name] = words(*found);
  const auto never = Instant{} - std::chrono::hours{1};
  const auto next_change = time_of_change(reader, conversation, never);
  if (next_change != never) {
    const auto since_epoch =
        std::chrono::floor<std::chrono::milliseconds>(next_change.time_since_epoch());
    state.rows["changed " + name] = std::to_string(since_epoch.count() - 1);
  }
  for (const auto& member : listed) {
    const auto place = name + ' ' + name_of(member.user);
    state.rows["member " + place] = std::string{twostep::name_of(member.role)};
    agree(find_member(reader, conversation, member.user) == member, "role");
    if (const auto joined = joined_at(reader, conversation, member.user))
      state.rows["joined " + place] = std::to_string(
          std::chrono::floor<std::chrono::milliseconds>(joined->time_since_epoch()).count());
  }
}

void look_at_inbox(const Reader& reader, const UserId& user, State& state) {
  Inbox inbox;
  inbox.head = head(reader, user);
  visit_after(reader, user, std::nullopt, TimeUuid::earliest, [&](const NotificationView& seen) {
    inbox.kept[seen.id] = {seen.clients(), seen.origin, std::string{seen.event}};
    agree(contains(reader, user, seen.id, TimeUuid::earliest), "notification found");
    return true;
  });
  agree(inbox.kept.empty() || inbox.head >= inbox.kept.rbegin()->first, "head of an inbox");
  if (inbox.head) state.inboxes[user] = std::move(inbox);
}

std::string summary(const NotificationView& seen) {
  std::string text = name_of(seen.id) + ' ' + std::string{seen.event.substr(0, 8)} + '/' +
                     std::to_string(seen.event.size()) + " of " +
                     std::to_string(seen.origin.value) + " for";
  for (const auto client : seen.clients()) text += ' ' + name_of(client);
  return text;
}

/// Those that are visible to who asks, as lines; no more than asked for, and whether there are more.
struct Lines {
  const Question& question;
  std::string text = {};
  std::size_t count = 0;
  bool more = false;

  bool operator()(const NotificationView& seen) {
    if (question.client && !seen.is_for(*question.client)) return true;
    more = count == question.size;
    if (more) return false;
    text += summary(seen) + '\n';
    ++count;
    return true;
  }
};

}  // namespace

Said perform(Transaction& rows, const Ids& ids, const Change& change) {
  Performing performing{rows, ids};
  for (const auto& edit : change.edits) performing.perform(edit);
  if (change.gives_up) throw GaveUp{};
  return std::move(performing).said();
}

State look(const Reader& rows) {
  State state;
  for (const auto& user : users) {
    look_at_inbox(rows, user, state);
    UserRows{rows, user, state}.look();
  }
  for (const auto& conversation : conversations) {
    look_at_conversation(rows, conversation, state);
    for (const auto& user : users) {
      const auto listed = conversations_of(rows, {here, user}, std::nullopt, 10);
      const bool is_in = std::count(listed.begin(), listed.end(), conversation) == 1;
      if (is_in && conversation != conversations.back())
        state.rows["own " + name_of(user) + ' ' + name_of(conversation)] =
            words(own_state(rows, user, conversation));
    }
  }
  for (const auto* number : {"1", "2"}) {
    const auto email = *EmailAddress::parse(std::string{"e"} + number + "@mail.example");
    const auto handle = *Handle::parse(std::string{"handle"} + number);
    if (const auto owner = user_named(rows, email))
      state.rows["email " + email.text()] = name_of(*owner);
    if (const auto owner = user_named(rows, handle))
      state.rows["handle " + handle.text()] = name_of(*owner);
  }
  return state;
}

std::string answer(const Reader& rows, const Question& question) {
  std::ostringstream out;
  const auto& [user, client, since, oldest, size, after] = question;
  const bool known = !since || contains(rows, user, *since, oldest);
  out << (known ? "page:" : "gap:") << (has_expired(rows, user, oldest) ? " (some expired)" : "")
      << '\n';
  Lines page{question};
  visit_after(rows, user, since, oldest, std::ref(page));
  Lines newest{question};
  visit_newest_first(rows, user, oldest, std::ref(newest));
  out << page.text << (page.more ? "more\n" : "end\n") << "newest: " << newest.text;

  const auto after_conversation = after ? std::optional{conversations[*after]} : std::nullopt;
  for (const auto& listed : conversations_of(rows, {here, user}, after_conversation, size))
    out << name_of(listed) << ' ';
  for (const auto& other : people)
    if (connected(rows, here, user, other)) out << "with " << name_of(other) << ' ';
  const auto after_person = after ? std::optional{people[*after]} : std::nullopt;
  for (const auto& listed : connections_of(rows, user, after_person, size))
    out << name_of(listed.to) << ' ' << words(listed) << ' ';
  out << count_wanted(rows, user, std::max<std::size_t>(size, 1));
  return out.str();
}

boost::asio::awaitable<store::StoreResult<std::size_t>> forget(store::Store& store,
                                                               Instant oldest) {
  std::size_t removed = 0;
  std::optional<UserId> next;
  do {
    const auto step = co_await sweep(store, next, oldest);
    if (!step) co_return step.error();
    removed += step->removed;
    next = step->next;
  } while (next);
  co_return removed;
}

}  // namespace twostep::properties::stores
