#include <algorithm>
#include <nlohmann/json.hpp>

#include "impl/service/clients.hpp"
#include "impl/service/connections.hpp"
#include "impl/service/conversations.hpp"
#include "impl/service/members.hpp"
#include "impl/service/push_tokens.hpp"
#include "property-tests/campaign/acts.hpp"

namespace twostep::properties {
namespace {

using boost::asio::awaitable;

template <class T>
std::size_t one_of(Choices& choices, const T& all) {
  return choices.below(static_cast<std::uint32_t>(all.size()));
}

/// A fact that somebody asks to change. What is known of it follows from the answer.
class Changing {
 public:
  explicit Changing(Fact& fact) : fact_{fact} {
    if (fact_.changing++ > 0) fact_.unsure = true;  // Two at once: either may come last.
    ++fact_.version;
  }

  template <class T>
  void end(const std::optional<Result<T>>& answer, bool now) {
    --fact_.changing;
    ++fact_.version;
    const bool unknown = !answer || (!*answer && answer->error().reason == Reason::outcome_unknown);
    if (unknown) {
      fact_.unsure = true;
    } else if (*answer) {
      fact_.holds = now;
    }
  }

 private:
  Fact& fact_;
};

template <class T>
std::string outcome_of(const std::optional<Result<T>>& answer) {
  return !answer ? " (no answer)" : *answer ? " (done)" : " (refused)";
}

awaitable<void> add_client(Stage& stage, Device& device, std::size_t node) {
  NewClient wanted;
  wanted.last_resort_key = device.last_resort_key;
  Changing changing{device.registered};
  const std::function<awaitable<Result<Client>>(service::Backend&)> ask =
      [caller = stage.caller(device), wanted](service::Backend& backend) {
        return service::add_client(backend, caller, wanted);
      };
  const auto answer = co_await stage.call(stage.site_of(device), node, ask);
  changing.end(answer, true);
  stage.tell(device.name, "registers" + outcome_of(answer));
}

/// With a client go its push tokens.
awaitable<void> remove_client(Stage& stage, Device& device, std::size_t node) {
  Changing changing{device.registered};
  Changing changing_token{device.token};
  device.token_changed = stage.scheduler.now();
  const std::function<awaitable<Result<void>>(service::Backend&)> ask =
      [caller = stage.caller(device), client = device.client](service::Backend& backend) {
        return service::remove_client(backend, caller, client, {});
      };
  const auto answer = co_await stage.call(stage.site_of(device), node, ask);
  changing.end(answer, false);
  changing_token.end(answer, false);
  device.token_changed = stage.scheduler.now();
  stage.tell(device.name, "is removed" + outcome_of(answer));
}

awaitable<void> add_token(Stage& stage, Device& device, std::size_t node) {
  PushToken token{.transport = "GCM",
                  .app = "app",
                  .token = token_of(device),
                  .client = device.client,
                  .registered_on = {}};
  Changing changing{device.token};
  device.token_changed = stage.scheduler.now();
  const std::function<awaitable<Result<void>>(service::Backend&)> ask =
      [caller = stage.caller(device), token](service::Backend& backend) {
        return service::add_push_token(backend, caller, token);
      };
  const auto answer = co_await stage.call(stage.site_of(device), node, ask);
  changing.end(answer, true);
  device.token_changed = stage.scheduler.now();
  stage.tell(device.name, "has a push token" + outcome_of(answer));
}

/// Members of the backend that a conversation is of, who surely were there before and after a change.
class Witnesses {
 public:
  Witnesses(const Stage& stage, const Talk& talk) : stage_{stage}, talk_{talk} {
    for (const auto& [person, fact] : talk.members)
      if (fact.holds && fact.certain() && stage.history.people[person].site == talk.site)
        versions_.emplace(person, fact.version);
  }

  /// Of an event that was answered: they must find it.
  void heard(Stage& stage, const std::string& event, const std::string& about) const {
    Change change{.event = std::hash<std::string>{}(nlohmann::json::parse(event).dump()),
                  .about = about,
                  .people = {}};
    for (const auto& [person, version] : versions_)
      if (talk_.members.at(person).version == version) change.people.push_back(person);
    stage.history.changes.push_back(std::move(change));
  }

 private:
  const Stage& stage_;
  const Talk& talk_;
  std::map<std::size_t, std::uint64_t> versions_;
};

using Happened = std::optional<Result<service::Happened>>;

awaitable<void> change_member(Stage& stage, Talk& talk, std::size_t person, bool joins,
                              std::size_t node) {
  const auto caller = stage.at_a_browser(talk.creator);
  const std::function<awaitable<Result<service::Happened>>(service::Backend&)> ask =
      [caller, id = talk.id, user = stage.name_of(person), joins](service::Backend& backend) {
        if (!joins) return service::remove_member(backend, caller, id, user);
        wire::NewMembers wanted;
        wanted.users.push_back(user);
        return service::add_members(backend, caller, id, wanted);
      };
  const Witnesses witnesses{stage, talk};
  Changing changing{talk.members[person]};
  const Happened answer = co_await stage.call(*stage.sites[talk.site], node, ask);
  changing.end(answer, joins);
  const auto about = (joins ? "joins " : "leaves ") + talk.name;
  if (answer && *answer && **answer) witnesses.heard(stage, ***answer, about);
  stage.tell(stage.history.people[person].name, about + outcome_of(answer));
}

awaitable<void> rename(Stage& stage, Talk& talk, std::size_t node) {
  const auto caller = stage.at_a_browser(talk.creator);
  const auto title = "name " + std::to_string(stage.trace.told());
  const std::function<awaitable<Result<service::Happened>>(service::Backend&)> ask =
      [caller, id = talk.id, title](service::Backend& backend) {
        return service::rename_conversation(backend, caller, id, title);
      };
  const Witnesses witnesses{stage, talk};
  Changing changing{talk.renaming};
  const Happened answer = co_await stage.call(*stage.sites[talk.site], node, ask);
  changing.end(answer, true);
  if (answer && *answer) {
    talk.title = title;
    stage.coverage.saw(Situation::renamed);
    if (**answer) witnesses.heard(stage, ***answer, talk.name + " is renamed");
  }
  stage.tell(stage.history.people[talk.creator].name,
             "renames " + talk.name + " to " + title + outcome_of(answer));
}

/// Asks somebody for a connection, who may have asked already: then they are connected.
awaitable<void> meet(Stage& stage, std::size_t one, std::size_t other, std::size_t node) {
  const auto& asker = stage.history.people[one];
  if (one == other || (asker.site != stage.history.people[other].site && !stage.between)) co_return;
  const std::function<awaitable<Result<service::AskedConnection>>(service::Backend&)> ask =
      [caller = stage.at_a_browser(one), to = stage.name_of(other)](service::Backend& backend) {
        return service::ask_for_connection(backend, caller, to);
      };
  const auto answer = co_await stage.call(*stage.sites[asker.site], node, ask);
  if (answer && *answer && (*answer)->connection.status == Relation::accepted)
    stage.coverage.saw(asker.site == stage.history.people[other].site
                           ? Situation::acquainted
                           : Situation::acquainted_elsewhere);
  stage.tell(asker.name,
             "asks " + stage.history.people[other].name + " for a connection" + outcome_of(answer));
}

/// The first client of everybody stays: somebody has to be there in the end.
bool has_to_stay(const Stage& stage, std::size_t number) {
  const auto& device = stage.history.devices[number];
  return number == 0 || stage.history.devices[number - 1].person != device.person;
}

}  // namespace

awaitable<void> change(Stage& stage, Act act, std::size_t number, std::size_t node,
                       Choices& choices) {
  auto& device = stage.history.devices[number];
  if (act == Act::add_client) {
    co_await add_client(stage, device, node);
  } else if (act == Act::remove_client) {
    if (!has_to_stay(stage, number)) co_await remove_client(stage, device, node);
  } else if (act == Act::add_push_token) {
    co_await add_token(stage, device, node);
  } else if (act == Act::rename) {
    co_await rename(stage, stage.history.talks[one_of(choices, stage.history.talks)], node);
  } else if (act == Act::add_talk) {
    co_await add_talk_later(stage, device.person, node, choices);
  } else if (act == Act::meet) {
    co_await meet(stage, device.person, one_of(choices, stage.history.people), node);
  } else {
    auto& talk = stage.history.talks[one_of(choices, stage.history.talks)];
    auto member =
        std::next(talk.members.begin(), static_cast<std::ptrdiff_t>(one_of(choices, talk.members)));
    if (member->first == talk.creator) co_return;  // Whoever made it stays in it.
    co_await change_member(stage, talk, member->first, act == Act::add_member, node);
  }
}

}  // namespace twostep::properties
