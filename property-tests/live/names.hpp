#pragma once

#include <map>
#include <optional>
#include <string>

#include "property-tests/live/command.hpp"

/// What one server calls what the commands name, in both directions.
namespace twostep::live {

class Names {
 public:
  /// @param run  what makes the addresses of this run fresh.
  explicit Names(std::string run);

  void call(const std::string& name, const std::string& real);

  /// What this server calls it; if nothing has the name, an id of its kind that nothing has.
  std::string real(const std::string& name) const;

  /// All names in a text, or in every key and text of a value, replaced by what this server calls them.
  std::string fill(const std::string& text) const;
  Json fill(const Json& value) const;

  /// `<name>` if this is what the server calls something.
  std::optional<std::string> known(const std::string& real) const;

  /// The name of a notification that `reader` sees: by the order in which this reader first saw them. So it
  /// does not matter whether several users are told of one event under one id (open reading 33).
  std::string notification(const std::string& reader, const std::string& real);

  /// The name of an id that nothing is known of: by order of appearance.
  std::string stranger(const std::string& real);

  const std::string& run() const { return run_; }

 private:
  std::string run_;
  std::map<std::string, std::string> reals_ = {};
  std::map<std::string, std::string> names_ = {};
  std::map<std::string, std::map<std::string, std::size_t>> notifications_ = {};
  std::size_t strangers_ = 0;
};

}  // namespace twostep::live
