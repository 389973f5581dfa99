// Connections: two users agree to talk to each other.
//
// Each side has a relation and, over it, maybe a block. The relation goes on changing under the block, so
// that what would be without the block is always known.

#include <algorithm>

#include "model/serve/chapters.hpp"
#include "model/serve/limits.hpp"

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

/// Both sides of a connection, seen from one of them.
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

std::optional<Pair> find_pair(Server& server, const QualifiedId& me, const QualifiedId& other) {
  const auto mine = server.connections.find({me, other});
  if (mine == server.connections.end()) return std::nullopt;
  return Pair{me, other, &mine->second, &server.connections[{other, me}]};
}

/// Both are members of a conversation of their own from now on.
void open_conversation(Server& server, const Pair& pair, Happened& what) {
  if (pair.mine->conversation) return;
  ConversationRecord record{.id = server.qualified(random_uuid()),
                            .type = ConversationType::one_to_one,
                            .creator = pair.other,
                            .roles = {{pair.me, "wire_admin"}, {pair.other, "wire_admin"}}};
  record.settings = {{"name", nullptr},
                     {"access", {"private"}},
                     {"access_role", Json::array({"team_member", "non_team_member"})},
                     {"message_timer", nullptr},
                     {"receipt_mode", nullptr}};
  auto& runner = server.runner;
  const auto number = runner.conversation(record.id);
  what.changes.push_back(AddConversation{number});
  what.changes.push_back(AddMembers{number, {runner.user(pair.me), runner.user(pair.other)}});
  pair.mine->conversation = pair.others->conversation = record.id;
  server.conversations[record.id] = std::move(record);
}

void accept(Server& server, const Pair& pair, Happened& what) {
  pair.mine->relation = Relation::accepted;
  pair.others->relation = Relation::accepted;
  open_conversation(server, pair, what);
}

/// Without knowing of the block, the other asks, accepts or takes back.
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
    if (is_pending(*pair.others)) pair.others->relation = Relation::cancelled;
    return true;
  }
  return false;
}

/// Tells each user what became of their side, if they can see that something did.
void tell(Server& server, Call& call, const Pair& pair, const std::string& mine_before,
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
  if (!call.faulty(Fault::the_other_is_not_told_of_a_connection)) {
    tell_one(pair.other, pair.me, *pair.others, others_before);
  }
  happened(server, &call, what);
}

std::size_t connections_of(const Server& server, const QualifiedId& user) {
  return static_cast<std::size_t>(
      std::count_if(server.connections.begin(), server.connections.end(), [&](const auto& entry) {
        const auto relation = entry.second.relation;
        return entry.first.first == user &&
               (relation == Relation::sent || relation == Relation::accepted);
      }));
}

}  // namespace

bool connected(const Server& server, const QualifiedId& user, const QualifiedId& other) {
  const auto accepted = [&](const QualifiedId& one, const QualifiedId& another) {
    const auto side = server.connections.find({one, another});
    return side != server.connections.end() && side->second.relation == Relation::accepted &&
           (!side->second.blocked || server.faulty(Fault::blocked_users_can_be_invited));
  };
  if (server.faulty(Fault::anybody_can_be_invited)) return true;
  return accepted(user, other) && accepted(other, user);
}

Reply ask_for_connection(Call& call) {
  auto& server = call.server;
  const auto me = call.me();
  const auto other = call.qualified("domain", "user");
  const bool is_me = other == me && !call.faulty(Fault::one_can_connect_to_oneself);
  if (is_me || !server.account(other)) refuse(400, "invalid-user", "Nobody to connect to");
  const bool fresh = !server.connections.contains({me, other});
  if (fresh && connections_of(server, me) >= limits::connections_of_user_max) {
    refuse(403, "connection-limit", "Too many connections");
  }
  auto& mine = server.connections[{me, other}];
  auto& others = server.connections[{other, me}];
  const Pair pair{me, other, &mine, &others};
  const auto mine_before = fresh ? "" : status_of(mine);
  const auto others_before = fresh ? "" : status_of(others);

  Happened what;
  mine.blocked = false;
  if (fresh || mine.relation == Relation::cancelled) {
    mine.relation = Relation::sent;
    others.relation = Relation::pending;
  } else if (is_pending(mine)) {
    accept(server, pair, what);
  }
  const bool repeats_itself = !fresh && call.faulty(Fault::asking_twice_is_news);
  tell(server, call, pair, mine_before, repeats_itself ? "" : others_before, what);
  return json_reply(fresh ? 201 : 200, json_of(me, other, mine));
}

Reply update_connection(Call& call) {
  auto& server = call.server;
  const auto status = text_in(call.body(), "status");
  const auto known = [&](const auto& entry) { return entry.first == status; };
  if (status != "blocked" &&
      std::none_of(std::begin(relation_names), std::end(relation_names), known)) {
    bad_request("Unknown status");
  }
  const auto pair = find_pair(server, call.me(), call.qualified("domain", "user"));
  if (!pair) refuse(403, "not-connected", "There is no connection");
  const auto before = *pair->mine;
  if (status_of(before) == status) return empty_reply(204);

  const auto others_before = status_of(*pair->others);
  Happened what;
  if (!update(server, *pair, status, what)) {
    *pair->mine = before;
    refuse(403, "bad-conn-update", "Not a possible next status");
  }
  const bool discloses = call.faulty(Fault::being_ignored_is_disclosed) && status == "ignored";
  tell(server, call, *pair, status_of(before), discloses ? "" : others_before, what);
  return json_reply(200, json_of(pair->me, pair->other, *pair->mine));
}

Reply read_connection(Call& call) {
  const auto pair = find_pair(call.server, call.me(), call.qualified("domain", "user"));
  if (!pair) refuse(404, "not-found", "There is no connection");
  return json_reply(200, json_of(pair->me, pair->other, *pair->mine));
}

/// The paging state is the last user of the page.
Reply list_connections(Call& call) {
  const auto body = call.body();
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
