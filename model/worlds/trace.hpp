#pragma once

#include <string>
#include <vector>

/// What somebody who watches a world would write down, line by line.
///
/// Source     The pictures and dialogues are made of these; see `model/render`.
namespace twostep::model {

struct Line {
  enum class Kind {
    call,   ///< Somebody asks somebody.
    reply,  ///< The answer.
    frame,  ///< Step two: a frame or a push.
    lost,   ///< A call or a reply that did not arrive.
    note,   ///< Something that `from` does by itself; `to` is empty.
  };
  Kind kind = Kind::note;
  std::string from;
  std::string to;
  std::string text;
  friend bool operator==(const Line&, const Line&) = default;
};

using Trace = std::vector<Line>;

/// `alice -> A: send m1`, the form of dialogues.
std::string text(const Line& line);

}  // namespace twostep::model
