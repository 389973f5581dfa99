#pragma once

#include <set>
#include <string>
#include <vector>

#include "conformance/support/http.hpp"
#include "conformance/support/websocket.hpp"
#include "property-tests/live/names.hpp"

/// What an answer or a frame says, without what two correct servers may do differently.
///
/// What is left out, and why:
///   - ids, tokens, cookies and times are the server's own. Ids become names, so that it is compared what is
///     what; the others become `<secret>` and `<time>`, so that it is compared where there is one.
///   - the time of a message is compared with those of the statuses that were answered (SND-08).
///   - no clause orders a list, but that of notifications (CUP-05) and of events: all others are sets.
///   - a frame may be text or binary (WIR-19), and what is transient has no place in the order (DLV-09).
///   - the text of an error is free (open reading 9), but for the one at which clients act (chapter 7).
///   - fields that no clause speaks of, empty lists of what was not found (ACC-10), and domains of which no
///     prekey was claimed (ACC-36).
///   - the conversation of a connection (open reading 44): when the connection names it, its events, and to
///     whom it is open. Lists of conversations are compared as far as they are groups.
///   - `GET /time` in whole seconds or not: WIR-14 leaves it out.
///   - of headers those are kept that clauses speak of.
namespace twostep::live {

class Observer {
 public:
  explicit Observer(Names& names) : names_(names) {}

  /// @param reader  the user who sees it.
  Json answer(const conformance::Reply& reply, const std::string& reader);

  /// What came over a socket: what is stored in its order, what is transient as a set.
  Json frames(const std::vector<conformance::Frame>& frames, const std::string& reader);

 private:
  Json body(const conformance::Reply& reply, const std::string& reader);
  Json value(const Json& value, const std::string& key, const std::string& reader);
  Json object(const Json& object, const std::string& reader);
  Json list(const Json& list, const std::string& key, const std::string& reader);
  bool is_free(const Json& notification) const;
  bool is_group(const Json& conversation) const;
  std::string text(const std::string& text, const std::string& key, const std::string& reader);

  Names& names_;
  std::set<std::string> send_times_ = {};  ///< Of statuses, as they were answered.
};

}  // namespace twostep::live
