// Who receives a message, and who is missing, redundant, deleted: against the sets as the specification
// defines them, against the model, and against their own arithmetic.
#include "impl/core/mismatch.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "model/mismatch.hpp"
#include "property-tests/pure/generators.hpp"
#include "property-tests/pure/property.hpp"

namespace twostep::properties {
namespace {

// Small numbers, so that both sides can be made of them, and so that two draws often agree.
struct Person {
  std::uint16_t backend = 0;
  std::uint8_t number = 0;
  friend auto operator<=>(const Person&, const Person&) = default;
};
struct Device {
  Person person;
  std::uint64_t number = 0;
  friend auto operator<=>(const Device&, const Device&) = default;
};
std::ostream& operator<<(std::ostream& out, const Person& person) {
  return out << int{person.number} << "@" << person.backend;
}
std::ostream& operator<<(std::ostream& out, const Device& device) {
  return out << device.person << '/' << device.number;
}

using People = std::set<Person>;
using Devices = std::set<Device>;
using Texts = std::map<Device, std::string>;

enum class Kind { report_all, ignore_all, report_only, ignore_only };

struct Case {
  People members;
  Devices devices;  ///< All of members.
  Device sender;
  Texts addressed;
  Kind strategy = Kind::report_all;
  People listed;
};

struct Sets {
  Devices missing, redundant, deleted;
  Texts valid;
  bool sendable = false;
  friend bool operator==(const Sets&, const Sets&) = default;
};

// --- What is drawn -------------------------------------------------------------------------

Person any_person() {
  return {static_cast<std::uint16_t>(*below(3)), static_cast<std::uint8_t>(*below(4))};
}

Device any_device() { return {any_person(), *below(4)}; }

People any_people() {
  People people;
  for (auto count = *below(10); count > 0; --count) people.insert(any_person());
  return people;
}

Devices any_devices() {
  Devices devices;
  for (auto count = *below(16); count > 0; --count) devices.insert(any_device());
  return devices;
}

Case any_case() {
  Case drawn;
  drawn.devices = any_devices();
  drawn.members = any_people();  // Some of them without a client.
  for (const auto& each : drawn.devices) drawn.members.insert(each.person);
  drawn.sender = any_device();
  auto addressed = *one_in(2) ? drawn.devices : any_devices();
  for (const auto& each : any_devices()) addressed.erase(each);
  if (*one_in(4)) addressed = drawn.devices;
  if (*one_in(3)) addressed.insert(drawn.sender);
  for (const auto& each : addressed)
    drawn.addressed[each] = "for " +
                            std::to_string(each.person.backend * 100 + each.person.number * 10) +
                            std::to_string(each.number);
  drawn.strategy = static_cast<Kind>(*below(4));
  drawn.listed = any_people();
  return drawn;
}

// --- The definitions (specs/01-send.md) ----------------------------------------------------

bool is_reported(const Case& given, const Person& person) {
  switch (given.strategy) {
    case Kind::report_all:
      return true;
    case Kind::ignore_all:
      return false;
    case Kind::report_only:
      return given.listed.contains(person);
    case Kind::ignore_only:
      return !given.listed.contains(person);
  }
  return false;
}

Sets as_defined(const Case& given) {
  Sets sets;
  for (const auto& each : given.devices) {
    const bool expected = each != given.sender;
    if (expected && !given.addressed.contains(each) && is_reported(given, each.person))
      sets.missing.insert(each);
  }
  for (const auto& [each, text] : given.addressed) {
    const bool expected = given.devices.contains(each) && each != given.sender;
    const bool deleted = !expected && given.members.contains(each.person) && each != given.sender;
    if (expected) sets.valid.emplace(each, text);
    if (deleted) sets.deleted.insert(each);
    if (!expected && !deleted) sets.redundant.insert(each);
  }
  sets.sendable = sets.missing.empty();
  return sets;
}

// --- The backend ---------------------------------------------------------------------------

const std::vector<Domain> domains{*Domain::parse("a.example"), *Domain::parse("b.example"),
                                  *Domain::parse("c.example")};

UserId id_of(const Person& person) {
  Uuid::Octets octets{};
  octets[15] = person.number;
  return UserId{Uuid{octets}};
}

Person person_of(const Domain& domain, const UserId& id) {
  const auto backend = std::find(domains.begin(), domains.end(), domain) - domains.begin();
  return {static_cast<std::uint16_t>(backend), id.octets()[15]};
}

Devices devices_of(const Clients& clients) {
  Devices devices;
  for (const auto& [domain, users] : clients) {
    RC_ASSERT(!users.empty());
    for (const auto& [id, set] : users) {
      RC_ASSERT(!set.empty());  // SND-07: no empty inner map or list.
      for (const auto client : set) devices.insert({person_of(domain, id), client.value});
    }
  }
  return devices;
}

Strategy strategy_of(const Case& given) {
  Users users;
  for (const auto& each : given.listed) users[domains[each.backend]].insert(id_of(each));
  switch (given.strategy) {
    case Kind::report_all:
      return ReportAll{};
    case Kind::ignore_all:
      return IgnoreAll{};
    case Kind::report_only:
      return ReportOnly{users};
    case Kind::ignore_only:
      return IgnoreOnly{users};
  }
  return ReportAll{};
}

using FindMismatch = std::function<Mismatch(const Clients&, const Recipients&, const SendingClient&,
                                            const Strategy&)>;

Sets as_found(const Case& given, const FindMismatch& find) {
  Clients participants;
  for (const auto& each : given.members) participants[domains[each.backend]][id_of(each)];
  for (const auto& each : given.devices)
    participants[domains[each.person.backend]][id_of(each.person)].insert(ClientId{each.number});
  Recipients recipients;
  for (const auto& [each, text] : given.addressed)
    recipients[domains[each.person.backend]][id_of(each.person)][ClientId{each.number}] = text;
  const SendingClient sender{{domains[given.sender.person.backend], id_of(given.sender.person)},
                             ClientId{given.sender.number}};

  const auto mismatch = find(participants, recipients, sender, strategy_of(given));

  Sets sets{.missing = devices_of(mismatch.missing),
            .redundant = devices_of(mismatch.redundant),
            .deleted = devices_of(mismatch.deleted),
            .valid = {},
            .sendable = mismatch.sendable()};
  const auto place = [](const ValidRecipient& one) {
    return std::tuple{*one.domain, one.user, one.client};
  };
  for (std::size_t i = 0; i < mismatch.valid.size(); ++i) {
    const auto& one = mismatch.valid[i];
    if (i > 0) RC_ASSERT(place(mismatch.valid[i - 1]) < place(one));  // In order, none twice.
    sets.valid.emplace(Device{person_of(*one.domain, one.user), one.client.value}, *one.ciphertext);
  }
  return sets;
}

// --- The model -----------------------------------------------------------------------------

model::Client client_of(const Device& device) {
  return {{model::BackendId{device.person.backend}, device.person.number},
          model::ClientId{device.number}};
}

std::vector<model::UserId> users_of(const People& people) {
  std::vector<model::UserId> users;
  for (const auto& each : people) users.push_back({model::BackendId{each.backend}, each.number});
  return users;
}

Devices devices_of(const std::vector<model::Client>& clients) {
  Devices devices;
  for (const auto& each : clients)
    devices.insert(
        {{each.user.home.value, static_cast<std::uint8_t>(each.user.number)}, each.id.value});
  return devices;
}

Devices devices_of(const Texts& texts) {
  Devices devices;
  for (const auto& [each, text] : texts) devices.insert(each);
  return devices;
}

Sets as_modelled(const Case& given) {
  model::Message message{.sender = client_of(given.sender)};
  std::vector<std::string> texts;
  for (const auto& [each, text] : given.addressed) {
    message.recipients.push_back(
        {client_of(each), model::Payload{static_cast<std::uint32_t>(texts.size())}});
    texts.push_back(text);
  }
  message.strategy = {static_cast<model::Strategy::Kind>(given.strategy), users_of(given.listed)};
  std::vector<model::Client> clients;
  for (const auto& each : given.devices) clients.push_back(client_of(each));

  const auto result = model::compare(message, users_of(given.members), clients);

  Sets sets{.missing = devices_of(result.missing),
            .redundant = devices_of(result.redundant),
            .deleted = devices_of(result.deleted),
            .valid = {},
            .sendable = result.missing.empty()};
  for (const auto& each : result.valid)
    sets.valid.emplace(*devices_of(std::vector{each.client}).begin(), texts[each.ciphertext.value]);
  return sets;
}

// --- Properties ----------------------------------------------------------------------------

Property is_what_definitions_and_model_say(const FindMismatch& find) {
  return [find] {
    const auto given = any_case();
    const auto found = as_found(given, find);
    reached("nobody addressed", given.addressed.empty());
    reached("missing", !found.missing.empty());
    reached("several backends missing",
            !found.missing.empty() &&
                found.missing.begin()->person.backend != found.missing.rbegin()->person.backend);
    reached("missing but not reported",
            given.strategy != Kind::report_all && found.missing.empty());
    reached("redundant", !found.redundant.empty());
    reached("deleted", !found.deleted.empty());
    reached("deleted of a user without clients",
            std::any_of(found.deleted.begin(), found.deleted.end(), [&](const Device& each) {
              const auto first = given.devices.lower_bound({each.person, 0});
              return first == given.devices.end() || first->person != each.person;
            }));
    reached("the sender addressed itself", given.addressed.contains(given.sender));
    reached("a sender who has other clients",
            std::any_of(given.devices.begin(), given.devices.end(), [&](const Device& each) {
              return each.person == given.sender.person && each != given.sender;
            }));
    reached("everything at once", !found.missing.empty() && !found.redundant.empty() &&
                                      !found.deleted.empty() && !found.valid.empty());
    reached("exactly the expected", found.missing.empty() && found.redundant.empty() &&
                                        found.deleted.empty() && !found.valid.empty());
    RC_ASSERT(found == as_defined(given));
    RC_ASSERT(found == as_modelled(given));
  };
}

TEST(MismatchSets, AreWhatTheDefinitionsAndTheModelSay) {
  expect_always(
      is_what_definitions_and_model_say(&find_mismatch),
      {"nobody addressed", "missing", "several backends missing", "missing but not reported",
       "redundant", "deleted", "deleted of a user without clients", "the sender addressed itself",
       "a sender who has other clients", "everything at once", "exactly the expected"});
}

template <class T>
bool disjoint(const std::set<T>& left, const std::set<T>& right) {
  return std::none_of(left.begin(), left.end(),
                      [&](const T& each) { return right.contains(each); });
}

// Without knowing which is which: what is addressed is divided, and what is missing is none of it.
Property divides_the_addressed(const FindMismatch& find) {
  return [find] {
    const auto given = any_case();
    const auto found = as_found(given, find);
    const auto valid = devices_of(found.valid);
    const auto addressed = devices_of(given.addressed);
    Devices all = valid;
    all.insert(found.redundant.begin(), found.redundant.end());
    all.insert(found.deleted.begin(), found.deleted.end());
    RC_ASSERT(all == addressed);
    RC_ASSERT(all.size() == valid.size() + found.redundant.size() + found.deleted.size());
    RC_ASSERT(disjoint(found.missing, addressed));
    RC_ASSERT(found.sendable == found.missing.empty());
    for (const auto* set : {&found.missing, &valid, &found.deleted})
      RC_ASSERT(!set->contains(given.sender));
    for (const auto* set : {&found.missing, &valid})
      RC_ASSERT(
          std::includes(given.devices.begin(), given.devices.end(), set->begin(), set->end()));
  };
}

TEST(MismatchSets, DivideWhatIsAddressed) { expect_always(divides_the_addressed(&find_mismatch)); }

// SND-28: who completes the message with just the missing is through, whatever the strategy.
TEST(MismatchSets, TheMissingAreAllThatIsMissing) {
  expect_always(
      [] {
        auto given = any_case();
        const auto first = as_found(given, &find_mismatch);
        reached("something was missing", !first.missing.empty());
        for (const auto& each : first.missing) given.addressed[each] = "after all";
        const auto second = as_found(given, &find_mismatch);
        RC_ASSERT(second.sendable);
        RC_ASSERT(second.redundant == first.redundant);
        RC_ASSERT(second.deleted == first.deleted);
        RC_ASSERT(second.valid.size() == first.valid.size() + first.missing.size());
        if (first.missing.empty()) return;
        given.addressed.erase(*first.missing.rbegin());
        RC_ASSERT(as_found(given, &find_mismatch).missing == Devices{*first.missing.rbegin()});
      },
      {"something was missing"});
}

TEST(MismatchSets, OneStrategyIsTheOppositeOfTheOther) {
  expect_always([] {
    auto given = any_case();
    const auto with = [&](Kind strategy) {
      given.strategy = strategy;
      return as_found(given, &find_mismatch);
    };
    const auto all = with(Kind::report_all);
    const auto none = with(Kind::ignore_all);
    const auto only = with(Kind::report_only);
    const auto others = with(Kind::ignore_only);
    RC_ASSERT(none.missing.empty());
    RC_ASSERT(disjoint(only.missing, others.missing));
    auto both = only.missing;
    both.insert(others.missing.begin(), others.missing.end());
    RC_ASSERT(both == all.missing);
    for (const auto* other : {&none, &only, &others}) {
      RC_ASSERT(other->valid == all.valid);
      RC_ASSERT(other->redundant == all.redundant);
      RC_ASSERT(other->deleted == all.deleted);
    }
  });
}

// SND-27.
TEST(MismatchSets, StrangersInAListChangeNothing) {
  expect_always(
      [] {
        auto given = any_case();
        const auto before = as_found(given, &find_mismatch);
        const auto stranger = any_person();
        reached("a stranger",
                !given.members.contains(stranger) && !given.listed.contains(stranger));
        if (!given.members.contains(stranger)) given.listed.insert(stranger);
        RC_ASSERT(as_found(given, &find_mismatch) == before);
      },
      {"a stranger"});
}

// --- Broken on purpose ---------------------------------------------------------------------

Mismatch forgets_who_sends(const Clients& participants, const Recipients& recipients,
                           SendingClient sender, const Strategy& strategy) {
  sender.client.value += 100;
  return find_mismatch(participants, recipients, sender, strategy);
}

Mismatch turns_lists_around(const Clients& participants, const Recipients& recipients,
                            const SendingClient& sender, const Strategy& strategy) {
  auto other = strategy;
  if (const auto* only = std::get_if<ReportOnly>(&strategy)) other = IgnoreOnly{only->users};
  return find_mismatch(participants, recipients, sender, other);
}

Mismatch takes_an_empty_list_for_all(const Clients& participants, const Recipients& recipients,
                                     const SendingClient& sender, const Strategy& strategy) {
  const auto* only = std::get_if<ReportOnly>(&strategy);
  return find_mismatch(participants, recipients, sender,
                       only && only->users.empty() ? Strategy{ReportAll{}} : strategy);
}

Mismatch forgets_backends_in_lists(const Clients& participants, const Recipients& recipients,
                                   const SendingClient& sender, const Strategy& strategy) {
  auto other = strategy;
  if (auto* only = std::get_if<IgnoreOnly>(&other)) {
    const auto named = only->users;
    for (const auto& [domain, users] : named)
      for (const auto& each : domains) only->users[each].insert(users.begin(), users.end());
  }
  return find_mismatch(participants, recipients, sender, other);
}

Mismatch forgets_members_without_clients(const Clients& participants, const Recipients& recipients,
                                         const SendingClient& sender, const Strategy& strategy) {
  Clients with_clients;
  for (const auto& [domain, users] : participants)
    for (const auto& [user, set] : users)
      if (!set.empty()) with_clients[domain][user] = set;
  return find_mismatch(with_clients, recipients, sender, strategy);
}

Mismatch counts_the_sending_client_as_deleted(const Clients& participants,
                                              const Recipients& recipients,
                                              const SendingClient& sender,
                                              const Strategy& strategy) {
  auto mismatch = find_mismatch(participants, recipients, sender, strategy);
  auto& redundant = mismatch.redundant[sender.user.domain][sender.user.id];
  if (redundant.erase(sender.client) > 0)
    mismatch.deleted[sender.user.domain][sender.user.id].insert(sender.client);
  if (redundant.empty()) mismatch.redundant[sender.user.domain].erase(sender.user.id);
  if (mismatch.redundant[sender.user.domain].empty()) mismatch.redundant.erase(sender.user.domain);
  return mismatch;
}

Mismatch mixes_ciphertexts_up(const Clients& participants, const Recipients& recipients,
                              const SendingClient& sender, const Strategy& strategy) {
  auto mismatch = find_mismatch(participants, recipients, sender, strategy);
  auto& valid = mismatch.valid;
  if (valid.size() > 1) std::swap(valid.front().ciphertext, valid.back().ciphertext);
  return mismatch;
}

Mismatch loses_the_last_one(const Clients& participants, const Recipients& recipients,
                            const SendingClient& sender, const Strategy& strategy) {
  auto mismatch = find_mismatch(participants, recipients, sender, strategy);
  if (!mismatch.valid.empty()) mismatch.valid.pop_back();
  return mismatch;
}

TEST(MismatchSets, WhatGetsThemWrongIsFound) {
  for (const auto& wrong :
       {FindMismatch{&forgets_who_sends}, FindMismatch{&turns_lists_around},
        FindMismatch{&takes_an_empty_list_for_all}, FindMismatch{&forgets_backends_in_lists},
        FindMismatch{&forgets_members_without_clients},
        FindMismatch{&counts_the_sending_client_as_deleted}, FindMismatch{&mixes_ciphertexts_up},
        FindMismatch{&loses_the_last_one}}) {
    expect_refuted(is_what_definitions_and_model_say(wrong));
  }
  expect_refuted(divides_the_addressed(&forgets_who_sends));
  expect_refuted(divides_the_addressed(&loses_the_last_one));
  expect_refuted(divides_the_addressed(&counts_the_sending_client_as_deleted));
}

}  // namespace
}  // namespace twostep::properties
