// Connections: two users agree to talk to each other.
//
// Each side has a relation and, over it, maybe a block. The relation goes on changing under the block, so
// that what would be without the block is always known.

#include <algorithm>

#include "model/serve/chapters.hpp"
#include "model/serve/limits.hpp"
#include "model/serve/peers.hpp"

namespace twostep::model::serve {
namespace {

constexpr std::pair<const char*, Relation> relation_names[] = {{"pending", Relation::pending},
                                                               {"sent", Relation::sent},
                                                               {"ignored", Relation::ignored},
                                                               {"accepted", Relation::accepted},
                                                               {"cancelled", Relation::cancelled}};

std::string status_of(const ConnectionSide& side) {
  if (side.blocked) return "blocked";
  for (const auto& [name, relation] : relation_names) {
    if (relation == side.relation) return name;
  }
  return {};
}

/// Both sides of a connection, seen from one of them. A user of another backend has no side here.
struct Pair {
  QualifiedId me;
  QualifiedId other;
  ConnectionSide* mine;
  ConnectionSide* others;
};

Json json_of(const QualifiedId& me, const QualifiedId& other, const ConnectionSide& side) {
  Json json = {{"from", me.id},
               {"to", other.id},
               {"qualified_to", json_of(other)},
               {"status", status_of(side)},
               {"last_update", time_text(side.last_update)}};
  if (side.conversation) {
    json["conversation"] = side.conversation->id;
    json["qualified_conversation"] = json_of(*side.conversation);
  }
  return json;
}

/// Both are members of a conversation of their own from now on.
void open_conversation(Server& server, const Pair& pair, Happened& what) {
  if (pair.mine->conversation) return;
  ConversationRecord record{
      .id = pair.others ? server.qualified(random_uuid()) : one_to_one_of(pair.me, pair.other),
      .type = ConversationType::one_to_one,
      .creator = pair.other,
      .roles = {{pair.me, "wire_admin"}}};
  const bool own = record.id.domain == server.options.domain;
  if (own) record.roles[pair.other] = "wire_admin";
  record.settings = {{"name", nullptr},
                     {"access", {"private"}},
                     {"access_role", Json::array({"team_member", "non_team_member"})},
                     {"message_timer", nullptr},
                     {"receipt_mode", nullptr}};
  auto& runner = server.runner;
  const auto number = runner.conversation(record.id);
  if (own) what.changes.push_back(AddConversation{number});
  AddMembers members{number, {}};
  for (const auto& [member, role] : record.roles) members.users.push_back(runner.user(member));
  what.changes.push_back(members);
  pair.mine->conversation = record.id;
  if (pair.others) pair.others->conversation = record.id;
  server.conversations[record.id] = std::move(record);
}

void accept(Server& server, const Pair& pair, Happened& what) {
  pair.mine->relation = Relation::accepted;
  if (pair.others) pair.others->relation = Relation::accepted;
  open_conversation(server, pair, what);
}

/// The other has asked, and knows of no answer.
bool is_pending(const ConnectionSide& side) {
  return side.relation == Relation::pending || side.relation == Relation::ignored;
}

/// Carries out an update to `status`; false if it is not possible.
bool update(Server& server, const Pair& pair, const std::string& status, Happened& what) {
  auto& mine = *pair.mine;
  if (status == "blocked") return mine.blocked = true;
  if (mine.blocked) {
    mine.blocked = false;
    if (status == "accepted" && is_pending(mine)) accept(server, pair, what);
    return status == "accepted" || status == "sent" ? status_of(mine) == status : false;
  }
  if (status == "accepted" &&
      (is_pending(mine) || server.faulty(Fault::one_accepts_for_the_other))) {
    accept(server, pair, what);
    return true;
  }
  if (status == "ignored" && mine.relation == Relation::pending) {
    mine.relation = Relation::ignored;
    return true;
  }
  if (status == "cancelled" && mine.relation == Relation::sent) {
    mine.relation = Relation::cancelled;
    if (pair.others && is_pending(*pair.others)) pair.others->relation = Relation::cancelled;
    return true;
  }
  return false;
}

/// Tells each user what became of their side, if they can see that something did.
void tell(Server& server, const Call* call, const Pair& pair, const std::string& mine_before,
          const std::string& others_before, Happened what) {
  const auto tell_one = [&](const QualifiedId& me, const QualifiedId& other, ConnectionSide& side,
                            const std::string& before) {
    if (status_of(side) == before) return;
    side.last_update = now();
    Json event = {{"type", "user.connection"}, {"connection", json_of(me, other, side)}};
    if (const auto* account = server.account(other)) event["user"] = {{"name", account->name}};
    what.told.push_back({me, {}, event});
  };
  tell_one(pair.me, pair.other, *pair.mine, mine_before);
  if (pair.others && !server.faulty(Fault::the_other_is_not_told_of_a_connection)) {
    tell_one(pair.other, pair.me, *pair.others, others_before);
  }
  happened(server, call, what);
}

std::size_t connections_of(const Server& server, const QualifiedId& user) {
  return static_cast<std::size_t>(
      std::count_if(server.connections.begin(), server.connections.end(), [&](const auto& entry) {
        const auto relation = entry.second.relation;
        return entry.first.first == user &&
               (relation == Relation::sent || relation == Relation::accepted);
      }));
}

/// Neither asking nor accepting would change anything.
bool is_settled(const ConnectionSide& side) {
  return side.relation == Relation::sent || side.relation == Relation::accepted;
}

Reply ask_locally(Call& call, const QualifiedId& other) {
  auto& server = call.server;
  const auto me = call.me();
  const bool fresh = !server.connections.contains({me, other});
  auto& mine = server.connections[{me, other}];
  auto* others = other.domain == call.own_domain() ? &server.connections[{other, me}] : nullptr;
  const Pair pair{me, other, &mine, others};
  const auto mine_before = fresh ? "" : status_of(mine);
  const auto others_before = fresh || !others ? "" : status_of(*others);

  Happened what;
  mine.blocked = false;
  if (fresh || mine.relation == Relation::cancelled) {
    mine.relation = Relation::sent;
    if (others) others->relation = Relation::pending;
  } else if (is_pending(mine)) {
    accept(server, pair, what);
  }
  const bool repeats_itself = !fresh && call.faulty(Fault::asking_twice_is_news);
  tell(server, &call, pair, mine_before, repeats_itself ? "" : others_before, what);
  return json_reply(fresh ? 201 : 200, json_of(me, other, mine));
}

Reply update_locally(Call& call, const QualifiedId& other, const std::string& status) {
  auto& server = call.server;
  auto& mine = server.connections[{call.me(), other}];
  auto* others =
      other.domain == call.own_domain() ? &server.connections[{other, call.me()}] : nullptr;
  const Pair pair{call.me(), other, &mine, others};
  const auto before = mine;
  const auto others_before = others ? status_of(*others) : "";
  Happened what;
  if (!update(server, pair, status, what)) {
    mine = before;
    refuse(403, "bad-conn-update", "Not a possible next status");
  }
  const bool discloses = call.faulty(Fault::being_ignored_is_disclosed) && status == "ignored";
  tell(server, &call, pair, status_of(before), discloses ? "" : others_before, what);
  return json_reply(200, json_of(pair.me, pair.other, mine));
}

/// Tells the other's backend; true if the other wants the connection as well.
Task<bool> act_at_peer(Server& server, QualifiedId me, QualifiedId other, std::string action) {
  PeerCall call{other.domain,
                "brig/send-connection-action",
                {{"from", me.id}, {"to", other.id}, {"action", action}}};
  const auto body = co_await call_peer(server, call);
  const auto tag = read_answer(call, [&] { return text_in(body, "tag"); });
  if (tag == "NewConnectionResponseUserNotActivated")
    refuse(400, "invalid-user", "Nobody to connect to");
  if (tag != "NewConnectionResponseOk") unexpected_body(call);
  co_return body.value("contents", Json{}) == "RemoteConnect";
}

/// What follows from the answer of the other's backend.
Reply connected_with_peer(Call& call, const QualifiedId& other, bool also_theirs) {
  auto& server = call.server;
  const auto me = call.me();
  const bool fresh = !server.connections.contains({me, other});
  auto& mine = server.connections[{me, other}];
  const Pair pair{me, other, &mine, nullptr};
  const auto before = fresh ? "" : status_of(mine);
  Happened what;
  mine.blocked = false;
  if (also_theirs) {
    accept(server, pair, what);
  } else if (mine.relation != Relation::accepted) {
    mine.relation = Relation::sent;
  }
  tell(server, &call, pair, before, "", what);
  return json_reply(fresh ? 201 : 200, json_of(me, other, mine));
}

}  // namespace

bool connected(const Server& server, const QualifiedId& user, const QualifiedId& other) {
  const auto accepted = [&](const QualifiedId& one, const QualifiedId& another) {
    const auto side = server.connections.find({one, another});
    return side != server.connections.end() && side->second.relation == Relation::accepted &&
           (!side->second.blocked || server.faulty(Fault::blocked_users_can_be_invited));
  };
  if (server.faulty(Fault::anybody_can_be_invited)) return true;
  if (other.domain != server.options.domain) return accepted(user, other);
  return accepted(user, other) && accepted(other, user);
}

Task<Reply> ask_for_connection(Call& call) {
  auto& server = call.server;
  const auto me = call.me();
  const auto other = call.qualified("domain", "user");
  const bool remote = other.domain != call.own_domain();
  const bool is_me = other == me && !call.faulty(Fault::one_can_connect_to_oneself);
  if (is_me || (!remote && !server.account(other)))
    refuse(400, "invalid-user", "Nobody to connect to");
  const bool known = server.connections.contains({me, other});
  if (!known && connections_of(server, me) >= limits::connections_of_user_max) {
    refuse(403, "connection-limit", "Too many connections");
  }
  if (remote && (!known || !is_settled(server.connections[{me, other}]))) {
    if (call.faulty(Fault::connections_do_not_wait_for_the_peer)) server.connections[{me, other}];
    const auto also_theirs = co_await act_at_peer(server, me, other, "RemoteConnect");
    co_return connected_with_peer(call, other, also_theirs);
  }
  co_return ask_locally(call, other);
}

Task<Reply> update_connection(Call& call) {
  auto& server = call.server;
  const auto status = text_in(call.body(), "status");
  const auto known = [&](const auto& entry) { return entry.first == status; };
  if (status != "blocked" &&
      std::none_of(std::begin(relation_names), std::end(relation_names), known)) {
    bad_request("Unknown status");
  }
  const auto other = call.qualified("domain", "user");
  const auto found = server.connections.find({call.me(), other});
  if (found == server.connections.end()) refuse(403, "not-connected", "There is no connection");
  auto& mine = found->second;
  if (status_of(mine) == status) co_return empty_reply(204);
  if (other.domain != call.own_domain()) {
    if (status == "accepted" && is_pending(mine)) {
      const auto also_theirs = co_await act_at_peer(server, call.me(), other, "RemoteConnect");
      co_return connected_with_peer(call, other, also_theirs);
    }
    if (status == "cancelled" && mine.relation == Relation::sent) {
      co_await act_at_peer(server, call.me(), other, "RemoteRescind");
    }
  }
  co_return update_locally(call, other, status);
}

Json told_of_connection(Asked& asked) {
  auto& server = asked.server;
  const auto from = asked.of_caller("from");
  const auto to = asked.own(uuid_in(text_in(asked.body, "to")));
  const auto action = text_in(asked.body, "action");
  if (action != "RemoteConnect" && action != "RemoteRescind") bad_request("Unknown action");
  if (!server.account(to) && !server.faulty(Fault::nobody_is_activated_too)) {
    return {{"tag", "NewConnectionResponseUserNotActivated"}};
  }
  const bool asks = action == "RemoteConnect";
  const bool fresh = !server.connections.contains({to, from});
  Json also = nullptr;
  if (!asks && fresh) return {{"tag", "NewConnectionResponseOk"}, {"contents", also}};
  auto& side = server.connections[{to, from}];
  const Pair pair{to, from, &side, nullptr};
  const auto before = fresh ? "" : status_of(side);
  Happened what;
  if (!asks) {
    if (is_pending(side)) side.relation = Relation::cancelled;
  } else if (side.relation == Relation::sent) {
    accept(server, pair, what);
  } else if (side.relation == Relation::cancelled) {
    side.relation = Relation::pending;
  }
  if (side.relation == Relation::accepted && !side.blocked) also = "RemoteConnect";
  tell(server, nullptr, pair, before, "", what);
  return {{"tag", "NewConnectionResponseOk"}, {"contents", also}};
}

Reply read_connection(Call& call) {
  const auto other = call.qualified("domain", "user");
  const auto side = call.server.connections.find({call.me(), other});
  if (side == call.server.connections.end()) refuse(404, "not-found", "There is no connection");
  return json_reply(200, json_of(call.me(), other, side->second));
}

/// The paging state is the last user of the page.
Reply list_connections(Call& call) {
  const auto body = call.body_if_any();
  const auto size = static_cast<std::size_t>(number_if(body, "size", 1, 500).value_or(100));
  const auto after = text_if(body, "paging_state").value_or("");
  Json page = Json::array();
  bool has_more = false;
  std::string last;
  for (const auto& [users, side] : call.server.connections) {
    const auto& [me, other] = users;
    if (me != call.me() || other.domain + other.id <= after) continue;
    if (page.size() == size) {
      has_more = !call.faulty(Fault::the_list_of_connections_ends_early);
      break;
    }
    page.push_back(json_of(me, other, side));
    last = other.domain + other.id;
  }
  return json_reply(200, {{"connections", page}, {"has_more", has_more}, {"paging_state", last}});
}

}  // namespace twostep::model::serve
