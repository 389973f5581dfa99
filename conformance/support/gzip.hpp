#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Compressed bodies, as clients send them and as attackers do.
namespace twostep::conformance {

/// One gzip member with these bytes.
std::string gzip(std::string_view bytes);

/// A gzip member that stands for so many MiB of zeros, at about a thousandth of their size.
std::string gzip_of_zeros(std::size_t mebibytes);

}  // namespace twostep::conformance
