#pragma once

#include <cstddef>
#include <string>

namespace twostep::model::serve {

/// What `compressed` stands for.
///
/// Errors     A Refusal: 400 for what is damaged or cut off, 413 for more than `bytes_max`, which is all
///            that is ever decompressed.
/// Source     specs/07-wire.md WIR-10; specs/08-robustness.md ROB-09.
std::string gunzip(const std::string& compressed, std::size_t bytes_max);

}  // namespace twostep::model::serve
