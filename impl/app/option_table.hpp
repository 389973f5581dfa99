#pragma once

#include <span>
#include <string>
#include <string_view>

#include "impl/app/config.hpp"

/// Every option there is.
namespace twostep::app {

/// How often an option may be given.
enum class Given { once, several_times, without_value };

struct Option {
  std::string_view name;
  std::string_view value;       ///< What to write for it, as `--help` shows it.
  std::string_view help;        ///< One line.
  std::string_view by_default;  ///< The text that is read if nobody says anything; may be empty.
  bool (*read)(Config&, std::string_view text);  ///< False: not such a value.
  /// Several texts are read as one, with commas between them; none is read as "true".
  Given given = Given::once;
};

std::span<const Option> options();

/// `TWOSTEP_PUSH_GATEWAY` for `push-gateway`.
std::string environment_name(std::string_view option);

}  // namespace twostep::app
