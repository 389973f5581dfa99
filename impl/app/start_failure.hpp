#pragma once

#include <boost/system/result.hpp>
#include <string>

/// Why a server cannot start.
namespace twostep::app {

struct StartFailure {
  std::string reason;  ///< For the person who starts the server.
};

[[noreturn]] void throw_exception_from_error(const StartFailure& failure,
                                             const boost::source_location&);

}  // namespace twostep::app
