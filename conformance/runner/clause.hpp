#pragma once

#include <span>
#include <string>
#include <string_view>

/// The clauses of `specs/`, as read from there when the program was built.
namespace twostep::conformance {

enum class Level { must, should, may };

struct Clause {
  std::string_view id;  ///< "SND-02"
  Level level;
  std::string_view chapter;  ///< "Sending: step one (SND)"
  std::string_view section;  ///< "" if the chapter has none.
  std::string_view source;
  std::string_view text;
  std::string_view seen_by;

  /// Whether it can be observed from outside at all.
  bool observable() const { return !seen_by.starts_with("inside:"); }
};

/// All clauses, in the order of the specification.
std::span<const Clause> clauses();

/// The clause of this id, or null.
const Clause* find_clause(std::string_view id);

/// The clause id that a test suite's name stands for: "SND-02" for "Snd02".
std::string clause_of_suite(std::string_view suite);

std::string_view word_for(Level level);

}  // namespace twostep::conformance
