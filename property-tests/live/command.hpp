#pragma once

#include <string>
#include <vector>

#include "conformance/support/json.hpp"

/// One thing that somebody does at a server, said so that it can be done at any.
///
/// What a server makes up is called by a name: `<alice>` is a user, `<alice.1>` her first client, `<chat1>` a
/// conversation, `<alice#3>` the third notification that she saw and `<alice#last>` the last that she saw,
/// `<run>` what makes this run's addresses fresh. A name that nothing has (because its command was refused,
/// or deleted) stands for an id of its kind that nothing has. After a bar its spelling is bent:
/// `<alice.1|upper>`, `<alice.1|zeros>`, `<alice|cut>`.
///
/// Shape      One JSON object per line in files; what is as ever is left out.
namespace twostep::live {

using conformance::Json;

struct Command {
  /// Whose access token goes along; nobody's if empty.
  std::string as = {};
  /// An HTTP method; or `open`, `frames`, `say`, `hang up` of a socket. `POST pages` repeats with the
  /// `paging_state` of the answer while there is more.
  std::string act = {};
  std::string path = {};  ///< With query. For a socket that is open: its name.
  Json headers = Json::object();
  /// How the body becomes bytes: `json`, `gzip` (of JSON), `text` (as it is), `base64` (of any bytes),
  /// `protobuf` and `older protobuf` (see `message_bytes`).
  std::string form = {};
  Json body = nullptr;
  /// What is called how from now on: name to JSON pointer into the answer.
  Json names = Json::object();
  std::string cookie = {};  ///< Whose cookie goes along.
  std::string keeps = {};   ///< Who has the answer's access token and cookie from now on.
  int times = 1;            ///< Done so often; the last answer counts.

  friend bool operator==(const Command&, const Command&) = default;
};

using Commands = std::vector<Command>;

void to_json(Json& json, const Command& command);
void from_json(const Json& json, Command& command);

/// A file of commands. Lines that begin with `#` are for readers.
/// Errors     Throws what the JSON library throws, for a file that is none.
Commands read_commands(const std::string& file);
void write_commands(const std::string& file, const Commands& commands);

}  // namespace twostep::live
