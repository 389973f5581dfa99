#include "property-tests/live/author.hpp"
#include "property-tests/live/side.hpp"

/// Chapter 5: who one is, what one has, and where a phone can be woken.
namespace twostep::live {
namespace {

std::string quoted(const std::string& name) { return '<' + name + '>'; }

Json credentials(const std::string& user) {
  return {{"email", address_of(user)}, {"password", password_of(user)}};
}

Json client_body(Author& author, const std::string& user, const std::string& client) {
  auto& draw = author.draw;
  auto prekeys = Json::array();
  for (int id = 1; id <= 2; ++id) prekeys.push_back(prekey_of(client, id));
  Json body = {{"type", draw.one_in(5) ? "temporary" : "permanent"},
               {"prekeys", prekeys},
               {"lastkey", prekey_of(client, 65'535)},
               {"password", password_of(user)}};
  if (draw.one_in(2)) body["class"] = draw.word({"phone", "tablet", "desktop"});
  if (draw.one_in(3)) body["label"] = "a label";
  if (draw.one_in(3)) body["cookie"] = draw.word({"work", "home"});
  if (draw.one_in(3)) body["model"] = "a model";
  if (draw.one_in(4)) body["capabilities"] = {"legalhold-implicit-consent"};
  return body;
}

/// One of the other logins of a user.
std::string again(Author& author, const std::string& user) {
  return user + author.draw.word({".again", ".later"});
}

void log_in(Author& author) {
  const auto& user = author.person();
  auto body = credentials(user);
  auto& draw = author.draw;
  if (draw.one_in(3)) body["label"] = draw.word({"work", "home"});
  // After ten of them logins may be refused for a while, or not (open reading 18).
  if (draw.one_in(4) && ++author.wrong_logins[user] < 10) {
    if (draw.one_in(2))
      body["email"] = draw.one_in(4) ? "" : address_of(author.fresh("nobody"));
    else
      body["password"] = draw.word({"12345678", ""});
  }
  const std::string query = draw.word({"", "", "?persist=true", "?persist=false"});
  author.add({.act = "POST",
              .path = "/login" + query,
              .form = draw.one_in(4) ? "gzip" : "json",
              .body = body,
              .keeps = user + draw.word({".again", ".later"})});
}

void renew_access(Author& author) {
  const auto& user = author.person();
  auto& draw = author.draw;
  Command command{.act = "POST", .path = "/access"};
  if (draw.one_in(2)) command.path += "?client_id=" + quoted(author.client_of(author.person()));
  command.cookie = draw.one_in(2) ? user : again(author, user);
  if (draw.one_in(6)) command.cookie.clear();
  if (draw.one_in(6)) command.cookie = "nobody";
  if (draw.one_in(2)) command.as = draw.one_in(4) ? author.person() : user;
  command.keeps = draw.one_in(2) ? again(author, user) : "";
  author.add(command);
}

void log_out(Author& author) {
  const auto& user = author.person();
  Command command{.act = "POST", .path = "/access/logout", .cookie = again(author, user)};
  if (!author.draw.one_in(3)) command.as = author.draw.one_in(4) ? author.person() : user;
  author.add(command);
}

void read_profile(Author& author) {
  auto& draw = author.draw;
  const auto other = author.somebody();
  if (draw.one_in(3)) {
    author.add({.as = author.actor(), .act = "GET", .path = "/self"});
  } else if (draw.one_in(2)) {
    author.add({.as = author.actor(), .act = "GET", .path = "/users/" + user_path(other)});
  } else {
    author.add({.as = author.actor(),
                .act = "POST",
                .path = "/list-users",
                .form = "json",
                .body = {{"qualified_ids", {qualified(other), qualified(author.somebody())}}}});
  }
}

/// The same access token in other places than usual.
void present_token(Author& author) {
  auto& draw = author.draw;
  Command command{.act = "GET", .path = "/self"};
  if (draw.one_in(2)) command.as = author.actor();
  if (draw.one_in(3)) command.path += "?access_token=nonsense";
  if (draw.one_in(3))
    command.headers["Authorization"] =
        draw.word({"", "Bearer", "Bearer x", "Basic x", "Bearer <token.alice>",
                   "Bearer <token.alice|cut>", "bearer <token.alice>"});
  author.add(command);
}

void register_again(Author& author) {
  auto& draw = author.draw;
  const auto user = draw.one_in(2) ? author.person() : author.fresh("abel");
  auto body = credentials(user);
  body["name"] = "Abel";
  const std::string wrong = draw.word({"", "name", "password", "email"});
  if (wrong == "name") body["name"] = draw.one_in(2) ? std::string(129, 'n') : "";
  if (wrong == "password") body["password"] = draw.word({"1234567", "", "12345678"});
  if (wrong == "email") body["email"] = draw.word({"none", "@", "a@", "@b", "a b@example.com", ""});
  if (draw.one_in(8)) body.erase(draw.word({"name", "email"}));
  author.add({.act = "POST", .path = "/register", .form = "json", .body = body});
}

void add_client(Author& author) {
  const auto& user = author.person();
  auto& draw = author.draw;
  if (!draw.one_in(3)) return register_client(author, user);
  const auto client = user + '.' + std::to_string(++author.clients_made[user]);
  auto body = client_body(author, user, client);
  const auto what = draw.below(6);
  // Whether a temporary client that replaces another needs it is free (open reading 48).
  if (what == 0 && body["type"] == "permanent") body.erase("password");
  if (what == 1 && body["type"] == "permanent") body["password"] = "not the password";
  if (what == 2) body["lastkey"] = prekey_of(client, 7);
  if (what == 3) body["prekeys"][0]["key"] = draw.word({"#", "AAAA", "", "AA"});
  if (what == 4) body["prekeys"][0]["id"] = 3;
  if (what == 5) body["type"] = draw.word({"legalhold", "", "other"});
  author.add({.as = user, .act = "POST", .path = "/clients", .form = "json", .body = body});
}

void update_client(Author& author) {
  const auto& user = author.person();
  auto& draw = author.draw;
  const auto client = author.client_of(draw.one_in(8) ? author.person() : user);
  Json body = Json::object();
  if (draw.one_in(2)) body["label"] = draw.word({"new label", ""});
  if (draw.one_in(2)) body["prekeys"] = {prekey_of(client, 10 + static_cast<int>(draw.below(5)))};
  if (draw.one_in(4)) body["lastkey"] = prekey_of(client + " new", draw.one_in(3) ? 5 : 65'535);
  if (draw.one_in(2)) body["capabilities"] = Json::array();
  if (draw.one_in(3)) body["capabilities"] = {draw.word({"legalhold-implicit-consent", "unknown"})};
  author.add({.as = author.client_actor(user),
              .act = "PUT",
              .path = "/clients/" + quoted(client),
              .form = "json",
              .body = body});
}

void delete_client(Author& author) {
  const auto& user = author.person();
  auto& draw = author.draw;
  Command command{.as = user, .act = "DELETE", .form = "json", .body = Json::object()};
  command.path = "/clients/" + quoted(author.client_of(draw.one_in(8) ? author.person() : user));
  author.sockets.clear();  // What becomes of those of a client that is gone is free.
  if (!draw.one_in(4)) command.body["password"] = draw.one_in(6) ? "wrong one" : password_of(user);
  author.add(command);
}

void read_client(Author& author) {
  const auto& user = author.person();
  auto& draw = author.draw;
  const auto client = author.client_of(draw.one_in(6) ? author.person() : user);
  const auto spelt = '<' + client + draw.word({"", "", "", "|upper", "|zeros", "|cut"}) + '>';
  const std::string rest = draw.word({"", "", "/prekeys", "/capabilities"});
  author.add(
      {.as = user, .act = "GET", .path = draw.one_in(4) ? "/clients" : "/clients/" + spelt + rest});
}

void read_clients_of_others(Author& author) {
  auto& draw = author.draw;
  const auto user = author.somebody();
  Command command{
      .as = author.actor(), .act = "GET", .path = "/users/" + user_path(user) + "/clients"};
  if (draw.one_in(3)) command.path += '/' + quoted(author.client_of(user));
  if (draw.one_in(3))
    command = {.as = author.actor(),
               .act = "POST",
               .path = "/users/list-clients",
               .form = "json",
               .body = {{"qualified_users", {qualified(user), qualified(author.somebody())}}}};
  author.add(command);
}

void claim_prekeys(Author& author) {
  auto& draw = author.draw;
  const auto user = author.somebody();
  Command command{
      .as = author.actor(), .act = "GET", .path = "/users/" + user_path(user) + "/prekeys"};
  if (draw.one_in(3)) command.path += '/' + quoted(author.client_of(user));
  if (draw.one_in(2)) {
    Json wanted = Json::object();
    for (auto n = 1 + draw.below(2); n > 0; --n) {
      const auto of = author.somebody();
      wanted[quoted(of)].push_back(quoted(author.client_of(of)));
    }
    command = {.as = author.actor(),
               .act = "POST",
               .path = "/users/list-prekeys",
               .form = "json",
               .body = {{"a.example", wanted}}};
  }
  author.add(command);
}

void register_push_token(Author& author) {
  const auto& user = author.person();
  auto& draw = author.draw;
  std::string token = draw.word({"first-token-", "second-token-"}) + user;
  if (draw.one_in(12)) token = std::string(draw.word({"", "1"}) == std::string{} ? 401 : 8193, 't');
  const Json body = {
      {"transport", draw.word({"GCM", "GCM", "APNS", "APNS_SANDBOX", "APNS_VOIP", "X"})},
      {"app", draw.word({"one", "two"})},
      {"token", token},
      {"client", quoted(author.client_of(draw.one_in(8) ? author.person() : user))}};
  author.add({.as = user, .act = "POST", .path = "/push/tokens", .form = "json", .body = body});
}

void read_push_tokens(Author& author) {
  author.add({.as = author.person(), .act = "GET", .path = "/push/tokens"});
}

void delete_push_token(Author& author) {
  const auto& user = author.person();
  const auto& owner = author.draw.one_in(3) ? author.person() : user;
  const std::string token = author.draw.word({"first-token-", "second-token-", "no-token-"});
  author.add({.as = user, .act = "DELETE", .path = "/push/tokens/" + token + owner});
}

}  // namespace

void register_user(Author& author, const std::string& user) {
  author.people.push_back(user);
  auto body = credentials(user);
  body["name"] = user;
  author.add(
      {.act = "POST", .path = "/register", .form = "json", .body = body, .names = {{user, "/id"}}});
  author.add(
      {.act = "POST", .path = "/login", .form = "json", .body = credentials(user), .keeps = user});
}

void register_client(Author& author, const std::string& user) {
  author.sockets.clear();  // A temporary client ends the former one: see above.
  const auto client = user + '.' + std::to_string(++author.clients_made[user]);
  author.clients[user].push_back(client);
  author.add({.as = user,
              .act = "POST",
              .path = "/clients",
              .form = "json",
              .body = client_body(author, user, client),
              .names = {{client, "/id"}}});
  author.add({.act = "POST",
              .path = "/access?client_id=" + quoted(client),
              .cookie = user,
              .keeps = client});
}

const std::vector<Act> account_acts = {
    {"log in", log_in, 2},
    {"renew access", renew_access, 3},
    {"log out", log_out, 1},
    {"read a profile", read_profile, 2},
    {"present a token", present_token, 1},
    {"register again", register_again, 2},
    {"add a client", add_client, 2},
    {"update a client", update_client, 3},
    {"delete a client", delete_client, 2},
    {"read a client", read_client, 3},
    {"read clients of others", read_clients_of_others, 3},
    {"claim prekeys", claim_prekeys, 3},
    {"register a push token", register_push_token, 3},
    {"read push tokens", read_push_tokens, 2},
    {"delete a push token", delete_push_token, 1},
};

}  // namespace twostep::live
