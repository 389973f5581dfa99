#pragma once

#include "impl/app/config.hpp"

/// What the program does, from the command line to its exit code.
///
/// Source     docs/ARCHITECTURE.md, "Operation".
namespace twostep::app {

/// Serves until SIGTERM or SIGINT, then drains; a second signal ends it at once. Exit code 0, or 1
/// if it could not start.
int serve(const Config& config);

/// Writes the store to standard output. Exit code 0, or 1 if it cannot be opened.
int export_store(const Config& config);

}  // namespace twostep::app
