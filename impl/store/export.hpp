#pragma once

#include <iosfwd>

#include "impl/store/store.hpp"

/// The whole store as text, for people and for other programs.
///
/// Shape      One JSON object per line, in the order of the keys:
///            `{"table":"client","key":{"user":"…","client":"1f"},"value":{…}}`. A notification's
///            value is `{"origin":…,"targets":[…],"event":…}`. What is not of this layout is shown
///            in hexadecimal.
/// Errors     The stream's own.
/// Source     docs/ARCHITECTURE.md, "Rows".
namespace twostep::store {

/// Whether hashes of passwords, cookies, and the keys of the backend are in it.
enum class Secrets { left_out, included };

void export_rows(const Reader& reader, Secrets secrets, std::ostream& out);

}  // namespace twostep::store
