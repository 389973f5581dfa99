#pragma once

#include <boost/asio/io_context.hpp>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/serve/http.hpp"
#include "model/serve/json.hpp"
#include "model/serve/options.hpp"
#include "model/serve/runner.hpp"
#include "model/serve/websocket.hpp"

/// Everything that the reference server keeps: the model's backend, and beside it what the model has no use
/// for.
///
/// Shape      Plain tables in memory. Chapters are functions over them, one file each. What decides who
///            receives what (users, clients, members, push tokens, inboxes) is in the model as well, and
///            changed there in the same breath.
namespace twostep::model::serve {

struct Prekey {
  int id = 0;
  std::string key;  ///< As it was uploaded.
};

/// A client, as its user registered it.
struct ClientRecord {
  ClientNumber id = 0;
  std::string type = {};  ///< `permanent` or `temporary`.
  Moment time = {};
  std::map<std::string, std::string> texts =
      {};  ///< Whichever of class, label, cookie, model were given.
  std::set<std::string> capabilities = {};
  std::vector<Prekey> prekeys = {};  ///< Those left, in the order in which they are handed out.
  Prekey last_prekey = {};
  std::optional<Moment> last_active = {};
};

struct Account {
  QualifiedId id;
  std::string name;
  std::string email = {};
  std::string password_hash = {};
  Json extras = {};  ///< What the profile shows and nothing depends on.
  std::map<ClientNumber, ClientRecord> clients = {};
};

/// Whose request it is. What a token says is looked up, not read out of it.
struct AccessToken {
  std::string user;
  std::string connection;  ///< What a socket is known by; kept when the token is renewed.
  Moment expires;
};

struct Cookie {
  std::string user;
  std::string label;
  std::optional<ClientNumber> client;  ///< Whom it is bound to.
  bool persistent = false;
  Moment expires;
};

struct PushTokenRecord {
  std::string user;
  std::string transport;
  std::string app;
  std::string token;
  ClientNumber client = 0;
};

enum class Relation { pending, sent, ignored, accepted, cancelled };

/// One user's side of a connection. A block hides what is under it, and what happens meanwhile.
struct ConnectionSide {
  Relation relation = Relation::pending;
  bool blocked = false;
  Moment last_update;
  std::optional<QualifiedId> conversation;
};

enum class ConversationType { group = 0, self = 1, one_to_one = 2, connect = 3 };

using Roles = std::map<QualifiedId, std::string>;

/// Of a conversation of another owner, `roles` has this backend's own users only.
struct ConversationRecord {
  QualifiedId id;
  ConversationType type = ConversationType::group;
  QualifiedId creator;
  Json settings = {};  ///< Name, access, timer and the like, as they are shown.
  Roles roles = {};    ///< Of each member.
  std::map<QualifiedId, Moment> joined = {};  ///< When peers last said so of members here (FED-69).
};

/// What the model does not keep of a message while it is sent.
struct Send {
  std::string octets = {};             ///< As they came, for the owner.
  Json priority = {};                  ///< For peers.
  std::vector<Refusal> failures = {};  ///< Of peers; the model has their indices.
};

using SocketName = std::pair<UserId, ConnectionId>;

struct Server {
  Server(boost::asio::io_context& io_context, Options chosen);

  boost::asio::io_context& context;
  Options options;
  Faults faults;
  Runner runner;

  std::map<std::string, Account> accounts;    ///< By user id; all of this backend's.
  std::map<std::string, std::string> emails;  ///< To user id.
  std::map<std::string, AccessToken> tokens;
  std::map<std::string, Cookie> cookies;
  std::map<std::pair<QualifiedId, QualifiedId>, ConnectionSide>
      connections;  ///< By own and other user.
  std::map<QualifiedId, ConversationRecord> conversations;
  std::vector<PushTokenRecord> push_tokens;
  std::map<SocketName, std::shared_ptr<Websocket>> sockets;
  int pushes_under_way = 0;
  std::map<RequestId, Send> sends;

  bool faulty(Fault fault) const { return faults.on(fault); }
  Account* account(const QualifiedId& id);
  QualifiedId qualified(const std::string& own_id) const {
    return {.domain = options.domain, .id = own_id};
  }
  UserId number(const std::string& user) { return runner.user(qualified(user)); }
};

Moment now();

}  // namespace twostep::model::serve
