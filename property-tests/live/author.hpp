#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "property-tests/live/command.hpp"
#include "property-tests/live/draw.hpp"

/// Writes lists of commands. It knows what it has asked for and believes that it was done; now and then it
/// asks for what cannot be done.
namespace twostep::live {

struct Author {
  explicit Author(std::uint64_t seed) : draw(seed) {}

  Draw draw;
  Commands commands = {};
  std::vector<std::string> people = {};
  std::map<std::string, std::vector<std::string>> clients =
      {};  ///< Of each user, deleted ones too.
  std::map<std::string, int> clients_made = {};
  std::map<std::string, int> wrong_logins = {};
  std::vector<std::string> chats = {};
  std::map<std::string, std::set<std::string>> members = {};
  std::vector<std::string> sockets = {};
  std::map<std::string, std::string> tokens_of_push = {};  ///< Push token to the user.
  bool has_blocked = false;  ///< Who is a member of the conversation of a connection then is free.
  int made = 0;              ///< So that what is made has names of its own.

  /// Appends it. Paths are put under a version now and then.
  Command& add(Command command);

  // What is there, and now and then what is not.
  const std::string& person() { return draw.of(people); }
  std::string somebody();  ///< A user, or the name of one who does not exist.
  std::string chat();
  std::string client_of(const std::string& user);
  std::string actor();  ///< Who has an access token: a user, or a client.
  std::string client_actor(const std::string& user);
  std::string notification_of(const std::string& user);
  std::string fresh(const std::string& prefix) { return prefix + std::to_string(++made); }
};

/// `{"id", "domain"}` of what has this name.
Json qualified(const std::string& name);
std::string user_path(const std::string& user);  ///< "<domain>/<user>".
std::string chat_path(const std::string& chat);

/// A prekey bundle as clients upload it; the same for the same owner and id.
Json prekey_of(const std::string& owner, int id);

/// One thing that can be asked for, and how often it is beside the others.
struct Act {
  const char* name;
  void (*write)(Author&);
  int weight;
};

extern const std::vector<Act> account_acts;
extern const std::vector<Act> conversation_acts;
extern const std::vector<Act> message_acts;
extern const std::vector<Act> reading_acts;
extern const std::vector<Act> hostile_acts;

// Used by more than one chapter.
void register_user(Author& author, const std::string& user);
void register_client(Author& author, const std::string& user);
void connect(Author& author, const std::string& one, const std::string& other);
void create_chat(Author& author, const std::string& creator, const std::set<std::string>& others);

/// The list of commands of a seed: some people, and some of the acts.
/// @param length  so many acts after everybody is there.
Commands written(std::uint64_t seed, int length);

}  // namespace twostep::live
