#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What was seen of a command, in words that do not depend on who carried it out.
///
/// Shape      A line for each thing: the answer, then the calls between backends, then per person what is
///            new in the inbox, then per device what arrived on its sockets, then pushes, then sockets that
///            ended. A notification is named by its place in the inbox of its user, so that the ids
///            themselves may differ.
namespace twostep::properties::oracle {

using Seen = std::vector<std::string>;

/// What a notification holds.
struct Content {
  std::string who;    ///< The client that it is for; empty: all of the user's.
  std::string event;  ///< Of a message, everything that it says.
  friend bool operator==(const Content&, const Content&) = default;
};

inline std::string message_event(const std::string& ciphertext, const std::string& shared,
                                 const std::string& sender, const std::string& talk) {
  return "'" + ciphertext + "' and '" + shared + "' from " + sender + " in " + talk;
}

inline std::string text_of(const Content& content) {
  return content.event + " for " + (content.who.empty() ? "all clients" : content.who);
}

/// "alice's 3rd" would be nicer, and no clearer.
inline std::string place_of(const std::string& person, std::size_t place) {
  return person + "#" + std::to_string(place + 1);
}

inline std::string stored_line(const std::string& place, const Content& content) {
  return place + " is " + text_of(content);
}

inline std::string frame_line(const std::string& device, const std::string& place,
                              const Content& content) {
  return device + " hears " + place + ": " + text_of(content);
}

inline std::string passing_line(const std::string& device, const std::string& event) {
  return device + " hears " + event + ", which is not kept";
}

inline std::string closed_line(const std::string& device) { return device + " loses its socket"; }

inline std::string push_line(const std::string& device, const std::string& place) {
  return "push to " + device + " for " + place;
}

inline std::string call_line(const std::string& from, const std::string& to,
                             std::string_view what) {
  return from + " to " + to + ": " + std::string{what};
}

/// `names` are those of a page, in its order.
inline std::string page_line(const std::vector<std::string>& names, bool has_more) {
  std::string line = "200:";
  for (const auto& name : names) line += ' ' + name;
  return line + (has_more ? ", and there is more" : ", which is all");
}

}  // namespace twostep::properties::oracle
