#include <sstream>

#include "property-tests/live/refine.hpp"

namespace twostep::live {
namespace {

/// More of one line is of no use to a reader.
constexpr std::size_t line_chars_max = 400;
constexpr std::size_t text_chars_max = 60;

Json shortened(const Json& value) {
  if (value.is_string()) {
    const auto text = value.get<std::string>();
    return text.size() <= text_chars_max ? text : text.substr(0, text_chars_max) + "…";
  }
  if (!value.is_structured()) return value;
  auto shorter = value;
  for (auto& part : shorter) part = shortened(part);
  return shorter;
}

std::string line_of(const Json& value) {
  auto line = shortened(value).dump(-1, ' ', false, Json::error_handler_t::replace);
  if (line.size() > line_chars_max) line = line.substr(0, line_chars_max) + "…";
  return line;
}

void tell(const Command& command, std::ostringstream& out) {
  out << (command.as.empty() ? "somebody" : command.as) << ": " << command.act << ' '
      << command.path;
  if (command.times != 1) out << ", " << command.times << " times";
  if (!command.cookie.empty()) out << ", with the cookie of " << command.cookie;
  out << '\n';
  for (const auto& [name, value] : command.headers.items())
    out << "      " << name << ": " << value.get<std::string>() << '\n';
  if (!command.form.empty())
    out << "      " << command.form << ' ' << line_of(command.body) << '\n';
}

}  // namespace

std::string told(const Commands& commands, const Played& played) {
  std::ostringstream out;
  for (std::size_t i = 0; i < played.seen.size(); ++i) {
    tell(commands[i], out);
    if (!played.difference || played.difference->at != i) {
      out << "   -> " << line_of(played.seen[i]) << '\n';
      continue;
    }
    const auto& [at, server, reference] = *played.difference;
    out << "   server says    " << line_of(server) << "\n   reference says " << line_of(reference)
        << '\n';
    for (const auto& change : Json::diff(server, reference))
      out << "     differs: " << line_of(change) << '\n';
  }
  return out.str();
}

}  // namespace twostep::live
