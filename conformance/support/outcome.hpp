#pragma once

#include <stdexcept>
#include <string>

/// How a test ends when it neither passes nor fails.
///
/// Each of these is thrown out of the test body; the runner catches what it means. The support code
/// throws them, so a test seldom has to.
namespace twostep::conformance {

/// Something that the test only needs in order to begin could not be done. The clause was not put
/// to the question: its verdict is *unknown*, never a failure.
class SetupFailed : public std::runtime_error {
 public:
  explicit SetupFailed(const std::string& what);
};

/// The target does not offer what the clause needs: *not covered*.
class NotCovered : public std::runtime_error {
 public:
  explicit NotCovered(const std::string& what);
};

/// The test disturbs others and has to run alone. The runner repeats it later, with nothing else.
class MustRunAlone : public std::runtime_error {
 public:
  MustRunAlone();
};

/// Records which of several acceptable readings the target follows. The clause's verdict is then at
/// most *informational*, and the text is shown in the report.
void note_reading(const std::string& text);

}  // namespace twostep::conformance
