#include "property-tests/stores/crash.hpp"

#include <algorithm>
#include <exception>
#include <optional>

#include "impl/store/testing.hpp"
#include "property-tests/stores/cast.hpp"
#include "property-tests/stores/perform.hpp"

namespace twostep::properties::stores {
namespace {

/// One notification to everybody.
Change greeting() {
  return {.edits = {{.kind = EditKind::tell, .user = 0, .other = 3, .thing = 1}}};
}

State state_of(Subject& subject) {
  State seen;
  subject.read([&](const store::Reader& rows) { seen = look(rows); }).value();
  return seen;
}

std::string not_allowed(const State& seen, const Timeline::States& allowed) {
  if (std::find(allowed.begin(), allowed.end(), seen) != allowed.end()) return {};
  return "of " + std::to_string(allowed.size()) + " allowed states this is none; to the first:\n" +
         difference(allowed.front(), seen) + "\nto the last:\n" + difference(allowed.back(), seen);
}

}  // namespace

const Timeline::States& Timeline::at(std::size_t position) const {
  const States* states = &points_.front().second;
  for (const auto& [since, allowed] : points_)
    if (since <= position) states = &allowed;
  return *states;
}

Witness::Witness(const OpenIn& open, const std::filesystem::path& directory, const Disk& disk,
                 State known)
    : open_{open}, directory_{directory}, disk_{disk}, allowed_{std::move(known)} {
  timeline_.allow(0, allowed_);
  subject_ = open_(directory_);
  look();
}

std::vector<Outcome> Witness::write(std::vector<Change> changes) {
  const auto begun = disk_.position();
  std::vector<std::size_t> acknowledged;
  const auto together = write_together(*subject_, ids_, std::move(changes), [&](std::size_t) {
    acknowledged.push_back(disk_.position());
  });

  // What is done, and after it, if anything is, what may be done.
  Timeline::States after{allowed_.front()};
  const auto add = [&](std::size_t n) {
    auto next = after.back();
    const auto words = apply(next, ids_, together.changes[n], together.said[n].ids);
    if (words != together.said[n].words) wrong("said " + together.said[n].words + ", not " + words);
    after.push_back(std::move(next));
  };
  for (const auto n : together.in_order) add(n);
  const auto done = after.size() - 1;
  bool unknown = false;
  for (std::size_t n = 0; n < together.outcomes.size(); ++n) {
    if (together.outcomes[n].error != store::StoreError::outcome_unknown) continue;
    unknown = true;
    add(n);
  }
  const bool uncertain = allowed_.size() > 1;
  if (uncertain && (done > 0 || unknown)) wrong("a write after an unknown outcome was not refused");
  if (uncertain) return together.outcomes;

  timeline_.allow(begun, after);
  for (std::size_t n = 1; n <= done; ++n)
    timeline_.allow(acknowledged[n - 1],
                    {after.begin() + static_cast<std::ptrdiff_t>(n), after.end()});
  after.erase(after.begin(), after.begin() + static_cast<std::ptrdiff_t>(done));
  allowed_ = std::move(after);
  timeline_.allow(disk_.position(), allowed_);
  State seen;
  const auto read = subject_->read([&](const store::Reader& rows) { seen = stores::look(rows); });
  if (!read && !unknown) wrong("reading was refused");  // Nobody knows what is there.
  if (const auto wrong_now = not_allowed(seen, allowed_); read && !wrong_now.empty())
    wrong(wrong_now);
  return together.outcomes;
}

void Witness::reopen() {
  subject_.reset();
  subject_ = open_(directory_);
  look();
}

// What was read once must not be lost any more: whoever read it may rely on it.
void Witness::look() {
  auto seen = state_of(*subject_);
  if (const auto not_now = not_allowed(seen, allowed_); !not_now.empty()) wrong(not_now);
  allowed_ = {std::move(seen)};
  timeline_.allow(disk_.position(), allowed_);
}

void Witness::wrong(const std::string& what) {
  if (violation_.empty()) violation_ = what;
}

namespace {

/// What one crash leaves, opened.
class Aftermath {
 public:
  Aftermath(const Crashes& crashes, Counts& counts) : crashes_{crashes}, counts_{counts} {}

  /// Empty: all is well.
  std::string judge(const Files& files, const Timeline::States& allowed) {
    ++counts_["images"];
    const store::testing::ScratchDirectory directory;
    put_files(files, directory.path());
    try {
      auto subject = crashes_.open(directory.path());
      auto seen = state_of(*subject);
      if (const auto wrong = not_allowed(seen, allowed); !wrong.empty()) return wrong;
      const auto written = write_together(*subject, {}, {greeting()});
      if (!written.outcomes.front().done()) return "the store takes no writes";
      const auto words = apply(seen, {}, greeting(), written.said.front().ids);
      if (words != written.said.front().words)
        return "said " + written.said.front().words + ", not " + words;
      subject.reset();
      subject = crashes_.open(directory.path());
      return difference(seen, state_of(*subject));
    } catch (const std::exception& thrown) {
      return std::string{"it cannot be opened, or read: "} + thrown.what();
    }
  }

 private:
  const Crashes& crashes_;
  Counts& counts_;
};

std::string name_of(const Operation& operation) {
  const std::string outcome = operation.failed ? ", which failed" : "";
  switch (operation.kind) {
    case Operation::Kind::write:
      return (operation.through ? "a write through of " : "a write of ") +
             std::to_string(operation.bytes.size()) + " at " + std::to_string(operation.offset) +
             outcome;
    case Operation::Kind::sync:
      return "a sync" + outcome;
    case Operation::Kind::name_draft:
      return "the naming of the draft";
    case Operation::Kind::name_data:
      return "the naming of the file";
    case Operation::Kind::sync_directory:
      return "a sync of the directory";
  }
  return {};
}

std::string listed(const std::vector<Operation>& operations) {
  std::string list = "\nthe operations:\n";
  for (std::size_t n = 0; n < operations.size(); ++n)
    list += std::to_string(n) + " " + name_of(operations[n]) + '\n';
  return list;
}

/// The process ends at once, the machine goes on; another process opens what it finds, reads, writes; then
/// the machine ends.
std::string kill_and_go_on(const Surviving& disk_then, const Timeline::States& allowed,
                           const Crashes& crashes, Choices& choices, Counts& counts) {
  ++counts["kills"];
  const store::testing::ScratchDirectory directory;
  put_files(disk_then.seen(), directory.path());
  Life life;
  {
    Disk disk{directory.path()};
    const auto opened = crashes.open(directory.path());
    const auto seen = state_of(*opened);
    if (const auto wrong = not_allowed(seen, allowed); !wrong.empty()) return wrong;
    life.timeline.allow(0, allowed);
    life.timeline.allow(disk.position(), {seen});
    const auto begun = disk.position();
    const auto written = write_together(*opened, {}, {greeting()});
    auto after = seen;
    apply(after, {}, greeting(), written.said.front().ids);
    life.timeline.allow(begun, {seen, after});
    life.timeline.allow(disk.position(), {after});
    life.operations = disk.operations();
  }
  auto rarely = crashes;
  rarely.kills_of = 0;
  rarely.from = 0;
  return crash_everywhere(life, disk_then, rarely, choices, counts);
}

}  // namespace

std::string crash_everywhere(const Life& life, const Surviving& before, const Crashes& crashes,
                             Choices& choices, Counts& counts) {
  if (!life.violation.empty()) return life.violation;
  Aftermath aftermath{crashes, counts};
  auto disk = before;
  for (std::size_t position = 0; position <= life.operations.size(); ++position) {
    const bool at_end = position == life.operations.size();
    if (position < crashes.from) {
      disk.apply(life.operations[position]);
      continue;
    }
    auto crashed = disk;
    if (!at_end) crashed.begin(life.operations[position]);
    const auto& allowed = life.timeline.at(position);
    const auto told = [&](const std::string& wrong) {
      return "crash " + (at_end ? "at the end" : "in " + name_of(life.operations[position])) +
             " (operation " + std::to_string(position) + "): " + wrong + listed(life.operations);
    };
    for (const auto& files : crashed.images(choices, crashes.drawn))
      if (const auto wrong = aftermath.judge(files, allowed); !wrong.empty()) return told(wrong);
    // A process that ends in the moment in which its disk fails would be two faults at once.
    const bool fails = !at_end && life.operations[position].failed;
    if (crashes.kills_of > 0 && !fails &&
        choices.below(static_cast<std::uint32_t>(crashes.kills_of)) == 0) {
      const auto wrong = kill_and_go_on(crashed, allowed, crashes, choices, counts);
      if (!wrong.empty()) return told("killed, started again, then: " + wrong);
    }
    if (!at_end) disk.apply(life.operations[position]);
  }
  return {};
}

}  // namespace twostep::properties::stores
