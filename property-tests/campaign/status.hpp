#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "impl/service/send.hpp"
#include "property-tests/campaign/stage.hpp"

/// What was known when a send began, and what its answer therefore has to say.
///
/// Only what did not change in the meantime is judged: of a client that is being removed while a message is
/// sent, both answers are right.
///
/// Source     specs/01-send.md (SND), the sets and strategies.
namespace twostep::properties {

class Knowledge {
 public:
  Knowledge(const Stage& stage, const Message& message);

  /// Compares the answer with what must be in it, and notes in the message what was certain.
  void judge(Stage& stage, Message& message, const Strategy& strategy,
             const std::optional<Result<Sent>>& answer) const;

 private:
  enum class Known { no, yes, perhaps };
  struct View {
    bool certain;
    std::uint64_t version;
  };

  static View view_of(const Fact& fact) { return {fact.certain(), fact.version}; }
  static Known known(const Fact* fact, const View* before);
  Known is_member(const Stage& stage, const Message& message, std::size_t person) const;
  Known is_there(const Stage& stage, std::size_t device) const;
  void judge_sets(Stage& stage, Message& message, const Sent& sent) const;
  void judge_failed(Stage& stage, const Message& message) const;
  void judge_missing(Stage& stage, const Message& message, const Strategy& strategy,
                     const Clients& missing) const;

  std::map<std::size_t, View> members_;  ///< By person.
  std::vector<View> devices_;
};

}  // namespace twostep::properties
