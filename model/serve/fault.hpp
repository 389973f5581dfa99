#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/bug.hpp"

/// Deliberate violations, one at a time: each breaks one clause, so that a suite can be seen to notice.
///
/// Shape      `Faults::on(Fault::x)` is asked at the place where x would go wrong. A few lie deeper: they are
///            bugs of the model.
namespace twostep::model::serve {

enum class Fault {
#define TWOSTEP_FAULT(chapter, number, name) name,
#include "model/serve/faults.def"
#undef TWOSTEP_FAULT
};

class Faults {
 public:
  Faults() = default;
  explicit Faults(Fault fault) : fault_{fault} {}

  bool on(Fault fault) const { return fault_ == fault; }

  /// The bug of the model that stands for the fault, if it lies there.
  Bug in_the_model() const;

 private:
  std::optional<Fault> fault_;
};

struct NamedFault {
  Fault fault;
  std::string clause;  ///< As in SND-02.
  std::string name;    ///< Its words, with dashes between them.
};

std::vector<NamedFault> all_faults();

}  // namespace twostep::model::serve
