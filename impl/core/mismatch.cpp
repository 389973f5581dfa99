#include "impl/core/mismatch.hpp"

namespace twostep {
namespace {

// What is known of one user while two sorted maps are walked side by side.
struct Member {
  const Domain& domain;
  const UserId& user;
  const ClientId* sending;  // The sending client, if this user is the sender.
  bool reported;            // Whether the strategy reports this user's missing clients.

  bool is_sending(ClientId client) const { return sending && *sending == client; }
};

// Whether the strategy reports missing clients of this user.
struct Reports {
  const Domain& domain;
  const UserId& user;

  bool operator()(const ReportAll&) const { return true; }
  bool operator()(const IgnoreAll&) const { return false; }
  bool operator()(const ReportOnly& only) const { return names(only.users); }
  bool operator()(const IgnoreOnly& only) const { return !names(only.users); }

 private:
  bool names(const Users& users) const {
    const auto found = users.find(domain);
    return found != users.end() && found->second.contains(user);
  }
};

const ClientId& key_of(const ClientId& client) { return client; }
template <class Key, class Value>
const Key& key_of(const std::pair<Key, Value>& entry) {
  return entry.first;
}

// Walks two sorted ranges side by side. `visit` gets each key once, with its entry on either side
// or null where there is none.
template <class Left, class Right, class Visit>
void walk(const Left& left, const Right& right, const Visit& visit) {
  auto l = left.begin();
  auto r = right.begin();
  while (l != left.end() || r != right.end()) {
    const bool take_left = r == right.end() || (l != left.end() && key_of(*l) <= key_of(*r));
    const bool take_right = l == left.end() || (r != right.end() && key_of(*r) <= key_of(*l));
    visit(take_left ? &*l : nullptr, take_right ? &*r : nullptr);
    if (take_left) ++l;
    if (take_right) ++r;
  }
}

// Entries arrive in ascending order, so each goes to the end.
void append(Clients& clients, const Member& member, ClientId client) {
  auto& users = clients.try_emplace(clients.end(), member.domain)->second;
  auto& set = users.try_emplace(users.end(), member.user)->second;
  set.emplace_hint(set.end(), client);
}

// The definitions, client by client. `expected` is null for who is no participant.
void compare(Mismatch& mismatch, const Member& member, const ClientSet* expected,
             const Ciphertexts& addressed) {
  static const ClientSet nobody;
  walk(expected ? *expected : nobody, addressed, [&](const ClientId* known, const auto* entry) {
    const ClientId client = known ? *known : entry->first;
    if (member.is_sending(client)) {
      if (entry) append(mismatch.redundant, member, client);
    } else if (known && entry) {
      mismatch.valid.push_back({&member.domain, member.user, client, &entry->second});
    } else if (known) {
      if (member.reported) append(mismatch.missing, member, client);
    } else {
      append(expected ? mismatch.deleted : mismatch.redundant, member, client);
    }
  });
}

}  // namespace

Mismatch find_mismatch(const Clients& participants, const Recipients& recipients,
                       const SendingClient& sender, const Strategy& strategy) {
  static const ClientsOfUsers no_users;
  static const CiphertextsOfUsers no_recipients;
  static const Ciphertexts nothing;

  Mismatch mismatch;
  walk(participants, recipients, [&](const auto* ours, const auto* theirs) {
    // The recipients' spelling of the domain is referred to: it outlives the result.
    const Domain& domain = theirs ? theirs->first : ours->first;
    const auto& expected_users = ours ? ours->second : no_users;
    const auto& addressed_users = theirs ? theirs->second : no_recipients;
    const bool senders_domain = domain == sender.user.domain;
    walk(expected_users, addressed_users, [&](const auto* expected, const auto* addressed) {
      const UserId& user = expected ? expected->first : addressed->first;
      const bool is_sender = senders_domain && user == sender.user.id;
      const Member member{domain, user, is_sender ? &sender.client : nullptr,
                          std::visit(Reports{domain, user}, strategy)};
      compare(mismatch, member, expected ? &expected->second : nullptr,
              addressed ? addressed->second : nothing);
    });
  });
  return mismatch;
}

}  // namespace twostep
