#include "property-tests/stores/model.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <sstream>
#include <utility>

#include "impl/core/limits.hpp"
#include "property-tests/stores/cast.hpp"
#include "property-tests/stores/words.hpp"

namespace twostep::properties::stores {
namespace {

using Rows = std::map<std::string, std::string>;

bool begins(const std::string& text, const std::string& with) { return text.rfind(with, 0) == 0; }

std::string padded(std::uint64_t number) {
  auto text = std::to_string(number);
  return std::string(20 - text.size(), '0') + text;
}

/// Removes the rows whose names begin so and that `which` wants gone; returns how many.
template <class Which>
std::size_t remove(Rows& rows, const std::string& prefix, Which which) {
  return std::erase_if(rows,
                       [&](const auto& row) { return begins(row.first, prefix) && which(row); });
}

std::size_t remove(Rows& rows, const std::string& prefix) {
  return remove(rows, prefix, [](const auto&) { return true; });
}

std::optional<std::string> row(const Rows& rows, const std::string& name) {
  const auto found = rows.find(name);
  return found == rows.end() ? std::nullopt : std::optional{found->second};
}

std::int64_t milliseconds_of(Instant at) {
  return std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count();
}

std::string summary(const TimeUuid& id, const Kept& kept) {
  std::string text = name_of(id) + ' ' + kept.event.substr(0, 8) + '/' +
                     std::to_string(kept.event.size()) + " of " +
                     std::to_string(kept.origin.value) + " for";
  for (const auto client : kept.targets) text += ' ' + name_of(client);
  return text;
}

bool is_for(const Kept& kept, const std::optional<ClientId>& client) {
  return !client || kept.targets.empty() ||
         std::find(kept.targets.begin(), kept.targets.end(), *client) != kept.targets.end();
}

/// One change under way.
class Applying {
 public:
  Applying(State& state, const Ids& ids, const std::vector<TimeUuid>& given)
      : state_{state}, ids_{ids}, given_{given} {}

  void apply(const Edit& edit) {
    const auto user = name_of(users[edit.user]);
    const auto client = user + ' ' + name_of(devices[edit.device % devices.size()]);
    auto& rows = state_.rows;
    switch (edit.kind) {
      case EditKind::tell:
        for (const auto& inbox : inboxes_in(edit)) tell(edit, inbox);
        return;
      case EditKind::trim:
        say(trim(users[edit.user], edit.time(), edit.value));
        return;
      case EditKind::look:
        words_ << described(state_);
        return;
      case EditKind::put_account:
        return put_account(edit, user);
      case EditKind::put_client:
        rows["client " + client] = words(client_in(edit));
        rows.erase("active " + client);
        return;
      case EditKind::erase_client:
        rows.erase("client " + client);
        rows.erase("active " + client);
        return;
      case EditKind::touch_client:
        return touch(edit, client);
      case EditKind::put_prekey:
        rows["prekey " + client + ' ' + padded(prekey_in(edit).id)] = prekey_in(edit).key;
        return;
      case EditKind::claim_prekey:
        return claim("prekey " + client + ' ');
      case EditKind::remove_prekeys:
        remove(rows, "prekey " + client + ' ');
        return;
      case EditKind::overlong_key:
        return;
      case EditKind::put_conversation:
      case EditKind::note_change:
      case EditKind::put_member:
      case EditKind::erase_member:
      case EditKind::note_joined:
      case EditKind::put_own_state:
        return in_conversation(edit);
      case EditKind::put_connection:
        rows["connection " + user + ' ' + name_of(people[edit.other])] = words(connection_in(edit));
        return;
      case EditKind::put_cookie:
      case EditKind::erase_cookie:
      case EditKind::erase_cookies_labelled:
        return with_cookies(edit, user);
      case EditKind::put_push_token:
      case EditKind::remove_push_token:
      case EditKind::remove_dead_push_token:
      case EditKind::remove_push_tokens:
        return with_push_tokens(edit, user, client);
    }
  }

  std::string words_said() const { return words_.str(); }

 private:
  template <class T>
  void say(const T& word) {
    words_ << word << "; ";
  }

  void tell(const Edit& edit, const UserId& user) {
    auto& inbox = state_.inboxes[user];
    auto tick = edit.time();
    if (ids_.by_wall_clock) {
      const auto taken = [&] {
        return std::any_of(inbox.kept.begin(), inbox.kept.end(),
                           [&](const auto& kept) { return kept.first.instant() == tick; });
      };
      while (taken()) tick += Ticks{1};
    } else if (inbox.head) {
      tick = std::max(tick, inbox.head->instant() + Ticks{1});
    }
    const bool plausible = next_ < given_.size() && given_[next_].instant() == tick;
    const auto id = plausible ? given_[next_] : TimeUuid::at(std::min(tick, TimeUuid::latest), {});
    ++next_;
    say(name_of(user) + ' ' + name_of(tick) + " after " +
        (inbox.head ? name_of(*inbox.head) : "none"));
    inbox.kept[id] = {targets_in(edit), ConnectionId{edit.value}, event_in(edit)};
    inbox.head = inbox.head ? std::max(*inbox.head, id) : id;
  }

  std::size_t trim(const UserId& user, Instant oldest, std::size_t rows_max) {
    if (state_.inboxes.count(user) == 0) return 0;
    auto& inbox = state_.inboxes[user];
    std::size_t removed = 0;
    while (removed < rows_max && !inbox.kept.empty() &&
           inbox.kept.begin()->first.instant() < oldest) {
      inbox.kept.erase(inbox.kept.begin());
      ++removed;
    }
    return removed;
  }

  void put_account(const Edit& edit, const std::string& user) {
    auto& rows = state_.rows;
    auto account = account_in(edit);
    const auto of_another = [&](const std::string& name) {
      const auto owner = row(rows, name);
      return owner && *owner != user;
    };
    if (account.email && of_another("email " + account.email->text())) account.email.reset();
    if (account.handle && of_another("handle " + account.handle->text())) account.handle.reset();
    const auto mine = [&](const auto& row) { return row.second == user; };
    remove(rows, "email ", mine);
    remove(rows, "handle ", mine);
    if (account.email) rows["email " + account.email->text()] = user;
    if (account.handle) rows["handle " + account.handle->text()] = user;
    rows["account " + user] = words(account);
  }

  void touch(const Edit& edit, const std::string& client) {
    auto& rows = state_.rows;
    const auto day = std::chrono::floor<std::chrono::days>(edit.day());
    const auto before = row(rows, "active " + client);
    const bool known = rows.count("client " + client) > 0;
    const bool needed = known && (!before || std::stoll(*before) < day.time_since_epoch().count());
    if (needed) rows["active " + client] = std::to_string(day.time_since_epoch().count());
    say(needed);
  }

  void claim(const std::string& prefix) {
    const auto lowest = state_.rows.lower_bound(prefix);
    if (lowest == state_.rows.end() || !begins(lowest->first, prefix)) return say("none");
    const auto number = std::stoull(lowest->first.substr(prefix.size()));
    say(std::to_string(number) + ' ' + lowest->second);
    if (number != limits::last_resort_prekey_id) state_.rows.erase(lowest);
  }

  void in_conversation(const Edit& edit) {
    auto& rows = state_.rows;
    const auto conversation = name_of(conversations[edit.thing % 3]);
    const auto person = name_of(people[edit.other]);
    const auto member = conversation + ' ' + person;
    const auto own = "own " + person + ' ' + conversation;
    const bool local = people[edit.other].domain == here;
    const bool there_is = rows.count("member " + member) > 0;
    if (edit.kind == EditKind::put_conversation) {
      rows["conversation " + conversation] = words(conversation_in(edit));
    } else if (edit.kind == EditKind::note_change) {
      const auto before = row(rows, "changed " + conversation);
      const auto next =
          before ? Instant{std::chrono::milliseconds{std::stoll(*before) + 1}} : edit.clock();
      const auto changed = milliseconds_of(std::max(edit.clock(), next));
      if (rows.count("conversation " + conversation) > 0)
        rows["changed " + conversation] = std::to_string(changed);
      say(changed);
    } else if (edit.kind == EditKind::put_member) {
      rows["member " + member] = std::string{twostep::name_of(member_in(edit).role)};
      rows.erase("joined " + member);
      if (local) rows.emplace(own, words(OwnState{}));
    } else if (edit.kind == EditKind::erase_member) {
      rows.erase("member " + member);
      rows.erase("joined " + member);
      rows.erase(own);
    } else if (edit.kind == EditKind::note_joined && there_is) {
      const auto before = row(rows, "joined " + member);
      if (!before || Instant{std::chrono::milliseconds{std::stoll(*before)}} < edit.clock())
        rows["joined " + member] = std::to_string(milliseconds_of(edit.clock()));
    } else if (edit.kind == EditKind::put_own_state && there_is && local) {
      rows[own] = words(own_state_in(edit));
    }
  }

  void with_cookies(const Edit& edit, const std::string& user) {
    auto& rows = state_.rows;
    const auto cookie = cookie_in(edit);
    const auto number = user + ' ' + padded(cookie.number);
    if (edit.kind == EditKind::put_cookie) {
      rows["cookie " + number] = words(cookie);
      rows.erase("label " + number);
      if (cookie.label) rows["label " + number] = *cookie.label;
    } else if (edit.kind == EditKind::erase_cookie) {
      rows.erase("cookie " + number);
      rows.erase("label " + number);
    } else {
      for (auto other = rows.begin(); other != rows.end();) {
        const bool gone = begins(other->first, "label " + user) &&
                          other->second == "label" + std::to_string(edit.value % 2);
        if (gone) rows.erase("cookie " + other->first.substr(6));
        other = gone ? rows.erase(other) : std::next(other);
      }
    }
  }

  void with_push_tokens(const Edit& edit, const std::string& user, const std::string& client) {
    auto& rows = state_.rows;
    const auto token = push_token_in(edit);
    const auto name = "push " + client + ' ' + token.transport + ' ' + token.app;
    const auto holds_it = [&](const auto& row) { return begins(row.second, token.token + ' '); };
    if (edit.kind == EditKind::put_push_token) {
      rows[name] = words(token);
    } else if (edit.kind == EditKind::remove_push_token) {
      say(remove(rows, "push " + user + ' ', holds_it));
    } else if (edit.kind == EditKind::remove_push_tokens) {
      remove(rows, "push " + client + ' ');
    } else {
      const auto found = rows.find(name);
      const bool dead = found != rows.end() && holds_it(*found);
      if (dead) rows.erase(found);
      say(dead);
    }
  }

  State& state_;
  const Ids& ids_;
  const std::vector<TimeUuid>& given_;
  std::size_t next_ = 0;
  std::ostringstream words_;
};

void list_conversations(std::ostream& out, const State& state, const Question& question) {
  const QualifiedUser user{here, question.user};
  std::set<QualifiedConversation> mine{self_conversation_of(user)};
  for (const auto& conversation : conversations)
    if (state.rows.count("own " + name_of(user) + ' ' + name_of(conversation)) > 0)
      mine.insert(conversation);
  auto size = question.size;
  for (const auto& conversation : mine) {
    if (question.after && conversation <= conversations[*question.after]) continue;
    if (size-- == 0) break;
    out << name_of(conversation) << ' ';
  }
}

void list_connections(std::ostream& out, const State& state, const Question& question) {
  const auto user = name_of(question.user);
  std::size_t listed = 0;
  std::size_t wanted = 0;
  std::ostringstream list;
  for (const auto& other : people) {
    const auto mine = row(state.rows, "connection " + user + ' ' + name_of(other));
    if (!mine) continue;
    if (begins(*mine, "accepted ") || begins(*mine, "sent ")) ++wanted;
    const auto theirs = row(state.rows, "connection " + name_of(other) + ' ' + user);
    const bool both = begins(*mine, "accepted ") &&
                      (other.domain != here || (theirs && begins(*theirs, "accepted ")));
    if (both) out << "with " << name_of(other) << ' ';
    if (question.after && other <= people[*question.after]) continue;
    if (listed++ < question.size) list << name_of(other) << ' ' << *mine << ' ';
  }
  out << list.str() << std::min(wanted, std::max<std::size_t>(question.size, 1));
}

}  // namespace

std::string apply(State& state, const Ids& ids, const Change& change,
                  const std::vector<TimeUuid>& given) {
  Applying applying{state, ids, given};
  for (const auto& edit : change.edits) applying.apply(edit);
  return applying.words_said();
}

std::size_t forget(State& state, Instant oldest) {
  std::size_t removed = 0;
  for (auto& [user, inbox] : state.inboxes)
    removed +=
        std::erase_if(inbox.kept, [&](const auto& kept) { return kept.first.instant() < oldest; });
  return removed;
}

std::string answer(const State& state, const Question& question) {
  std::ostringstream out;
  const auto found = state.inboxes.find(question.user);
  const Inbox inbox = found == state.inboxes.end() ? Inbox{} : found->second;
  std::vector<std::string> visible;
  std::vector<std::string> newer;
  bool known = !question.since;
  bool expired = false;
  for (const auto& [id, kept] : inbox.kept) {
    expired = expired || id.instant() < question.oldest;
    if (id.instant() < question.oldest) continue;
    known = known || id == question.since;
    if (!is_for(kept, question.client)) continue;
    visible.push_back(summary(id, kept));
    if (!question.since || *question.since < id) newer.push_back(visible.back());
  }
  out << (known ? "page:" : "gap:") << (expired ? " (some expired)" : "") << '\n';
  for (std::size_t n = 0; n < newer.size() && n < question.size; ++n) out << newer[n] << '\n';
  out << (newer.size() > question.size ? "more\n" : "end\n") << "newest: ";
  std::reverse(visible.begin(), visible.end());
  for (std::size_t n = 0; n < visible.size() && n < question.size; ++n) out << visible[n] << '\n';
  list_conversations(out, state, question);
  list_connections(out, state, question);
  return out.str();
}

std::string described(const State& state) {
  std::ostringstream out;
  for (const auto& [user, inbox] : state.inboxes) {
    out << "inbox " << name_of(user) << " head " << (inbox.head ? name_of(*inbox.head) : "none")
        << '\n';
    for (const auto& [id, kept] : inbox.kept) out << "  " << summary(id, kept) << '\n';
  }
  for (const auto& [name, value] : state.rows) out << name << ": " << value << '\n';
  return out.str();
}

std::string difference(const State& expected, const State& seen) {
  if (expected == seen) return {};
  std::istringstream wanted{described(expected)};
  std::istringstream found{described(seen)};
  std::string want;
  std::string have;
  for (;;) {
    const bool more = static_cast<bool>(std::getline(wanted, want));
    if (!more) want = "nothing more";
    if (!std::getline(found, have)) have = "nothing more";
    if (want != have) return "expected: " + want + "\nseen:     " + have;
    if (!more) return "two notifications that differ in their id or their event only";
  }
}

}  // namespace twostep::properties::stores
