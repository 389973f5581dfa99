#pragma once

#include <boost/system/result.hpp>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

/// A TOML file of options, as texts by name: what they mean, the option table knows.
///
/// Errors     A file that cannot be read, that is not TOML, that has an unknown key, or a value that
///            is neither a string, nor an integer.
namespace twostep::app {

struct ConfigFileError {
  std::string reason;
};

[[noreturn]] void throw_exception_from_error(const ConfigFileError& error,
                                             const boost::source_location&);

boost::system::result<std::map<std::string, std::string, std::less<>>, ConfigFileError>
read_config_file(const std::filesystem::path& path);

}  // namespace twostep::app
