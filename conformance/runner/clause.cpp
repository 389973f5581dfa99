#include "conformance/runner/clause.hpp"

#include <cctype>

namespace twostep::conformance {

const Clause* find_clause(std::string_view id) {
  for (const auto& clause : clauses()) {
    if (clause.id == id) return &clause;
  }
  return nullptr;
}

std::string clause_of_suite(std::string_view suite) {
  std::string id;
  for (const char letter : suite) {
    if (id.size() == 3) id += '-';
    id += static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  }
  return id;
}

std::string_view word_for(Level level) {
  switch (level) {
    case Level::must:
      return "MUST";
    case Level::should:
      return "SHOULD";
    case Level::may:
      return "MAY";
  }
  return "";
}

}  // namespace twostep::conformance
