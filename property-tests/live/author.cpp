#include "property-tests/live/author.hpp"

#include <algorithm>

#include "conformance/support/bytes.hpp"

namespace twostep::live {
namespace {

/// Each list leaves out some of the acts: what is rare in the company of everything is frequent alone.
std::vector<Act> some_acts(Draw& draw) {
  std::vector<Act> acts;
  for (const auto* chapter :
       {&account_acts, &conversation_acts, &message_acts, &reading_acts, &hostile_acts}) {
    const bool favoured = draw.one_in(3);
    for (auto act : *chapter) {
      if (draw.one_in(4)) continue;
      if (favoured) act.weight *= 4;
      acts.push_back(act);
    }
  }
  return acts;
}

void set_the_stage(Author& author) {
  static const std::vector<std::string> cast = {"alice", "ann", "amy", "abe"};
  const auto count = 2 + author.draw.below(cast.size() - 1);
  for (std::size_t i = 0; i < count; ++i) {
    register_user(author, cast[i]);
    for (auto n = 1 + author.draw.below(2); n > 0; --n) register_client(author, cast[i]);
  }
  for (std::size_t i = 1; i < count; ++i) connect(author, cast[0], cast[i]);
  create_chat(author, cast[0],
              {cast.begin() + 1, cast.begin() + static_cast<std::ptrdiff_t>(count)});
}

}  // namespace

Command& Author::add(Command command) {
  // Catching up is what it says since version 3, and without a version it may be the first one.
  const bool needs_version = command.path.starts_with("/notifications");
  if (needs_version || (draw.one_in(8) && !command.path.starts_with("/a")))
    command.path = "/v9" + command.path;
  commands.push_back(std::move(command));
  return commands.back();
}

std::string Author::somebody() { return draw.one_in(12) ? "nobody" : person(); }

std::string Author::chat() { return chats.empty() || draw.one_in(16) ? "nowhere" : draw.of(chats); }

std::string Author::client_of(const std::string& user) {
  const auto found = clients.find(user);
  if (found == clients.end() || found->second.empty() || draw.one_in(16)) return user + ".9";
  return draw.of(found->second);
}

std::string Author::client_actor(const std::string& user) {
  const auto& all = clients[user];
  return all.empty() ? user : draw.of(all);
}

std::string Author::actor() {
  const auto& user = person();
  return draw.one_in(3) ? user : client_actor(user);
}

std::string Author::notification_of(const std::string& user) {
  if (draw.one_in(4)) return '<' + user + "#last>";
  return '<' + user + '#' + std::to_string(1 + draw.below(12)) + '>';
}

Json qualified(const std::string& name) {
  return {{"id", '<' + name + '>'}, {"domain", "a.example"}};
}
std::string user_path(const std::string& user) { return "a.example/<" + user + '>'; }
std::string chat_path(const std::string& chat) { return "/conversations/a.example/<" + chat + '>'; }

Json prekey_of(const std::string& owner, int id) {
  using namespace std::string_literals;
  std::uint64_t seed = 5381;
  for (const unsigned char c : owner + std::to_string(id)) seed = seed * 33 + c;
  Draw draw{seed};
  const auto key = [&] {
    auto text = "\x58\x20"s;
    while (text.size() < 34) text += static_cast<char>(draw.below(256));
    return text;
  };
  const std::string number{'\x19', static_cast<char>(id >> 8), static_cast<char>(id & 0xff)};
  // CBOR: {0: 1, 1: id, 2: {0: key}, 3: {0: {0: key}}, 4: null}.
  const auto bundle = "\xa5\x00\x01\x01"s + number + "\x02\xa1\x00"s + key() +
                      "\x03\xa1\x00\xa1\x00"s + key() + "\x04\xf6"s;
  return {{"id", id}, {"key", conformance::to_base64(bundle)}};
}

Commands written(std::uint64_t seed, int length) {
  Author author{seed};
  const auto acts = some_acts(author.draw);
  int weights = 0;
  for (const auto& act : acts) weights += act.weight;
  set_the_stage(author);
  for (int i = 0; i < length; ++i) {
    auto at = static_cast<int>(author.draw.below(static_cast<std::size_t>(weights)));
    const auto act =
        std::ranges::find_if(acts, [&](const Act& one) { return (at -= one.weight) < 0; });
    act->write(author);
  }
  // What nobody has looked at yet is seen now.
  for (const auto& user : author.people) {
    author.add({.as = user, .act = "GET", .path = "/notifications"});
    author.add({.as = user, .act = "GET", .path = "/clients"});
  }
  for (const auto& socket : author.sockets) author.add({.act = "frames", .path = socket});
  return author.commands;
}

}  // namespace twostep::live
