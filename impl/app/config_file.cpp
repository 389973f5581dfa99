#include "impl/app/config_file.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "impl/app/option_table.hpp"

namespace twostep::app {
namespace {

std::optional<std::string> text_of(const toml::node& node) {
  if (const auto text = node.value_exact<std::string>()) return *text;
  if (const auto number = node.value_exact<std::int64_t>()) return std::to_string(*number);
  if (const auto yes = node.value_exact<bool>()) return *yes ? "true" : "false";
  return std::nullopt;
}

std::optional<std::string> text_of_all(const toml::array& nodes) {
  std::string texts;
  for (const auto& node : nodes) {
    const auto text = text_of(node);
    if (!text) return std::nullopt;
    if (!texts.empty()) texts += ',';
    texts += *text;
  }
  return texts;
}

const Option* find_option(std::string_view name) {
  const auto all = options();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const Option& option) { return option.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

void throw_exception_from_error(const ConfigFileError& error, const boost::source_location&) {
  throw std::logic_error{error.reason};
}

boost::system::result<std::map<std::string, std::string, std::less<>>, ConfigFileError>
read_config_file(const std::filesystem::path& path) {
  std::map<std::string, std::string, std::less<>> texts;
  try {
    for (const auto& [key, node] : toml::parse_file(path.native())) {
      const std::string name{key.str()};
      const auto* const option = find_option(name);
      if (!option) return ConfigFileError{path.native() + ": no option is called " + name};
      const bool is_list = option->given == Given::several_times && node.is_array();
      const auto text = is_list ? text_of_all(*node.as_array()) : text_of(node);
      if (!text) {
        return ConfigFileError{path.native() + ": " + name +
                               " must be text, a number or true/false"};
      }
      texts[name] = *text;
    }
  } catch (const toml::parse_error& error) {
    std::ostringstream reason;
    reason << path.native() << ": " << error.description() << " at " << error.source().begin;
    return ConfigFileError{reason.str()};
  }
  return texts;
}

}  // namespace twostep::app
