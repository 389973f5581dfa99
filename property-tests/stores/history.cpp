#include "property-tests/stores/history.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <exception>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "property-tests/campaign/shrink.hpp"
#include "property-tests/stores/cast.hpp"
#include "property-tests/stores/perform.hpp"
#include "property-tests/stores/words.hpp"

namespace twostep::properties::stores {
namespace {

constexpr std::size_t shrink_attempts_max = 3'000;

std::string text_of(const Outcome& outcome) {
  std::ostringstream out;
  if (outcome.threw) return "threw";
  if (!outcome.error) return "done";
  out << *outcome.error;
  return out.str();
}

/// One history under way.
class Run {
 public:
  Run(std::uint64_t seed, const OpenSubject& open, Choices& mix, Counts& counts)
      : subject_{open(seed)}, counts_{counts} {
    ids_.by_wall_clock = mix.chance(250);
    ids_.origin = {.sequence = static_cast<std::uint16_t>(mix.below(1 << 14)),
                   .node = mix.below(1 << 16)};
    history_.decisions.seed = seed;
  }

  /// False once something is wrong.
  bool act(Choices choices) {
    try {
      if (choices.chance(350)) {
        const auto kind = choices.below(9);
        if (kind < 5) ask(choices);
        if (kind == 5) forget(choices);
        if (kind == 6 || kind == 7) reopen();
        if (kind == 8) look_beside(choices);
      } else {
        write(choices);
      }
      compare();
    } catch (const std::exception& thrown) {
      wrong(std::string{"nothing should have been thrown: "} + thrown.what());
    }
    history_.decisions.commands.push_back(choices.taken());
    return history_.violation.empty();
  }

  History end(const Choices& mix) && {
    history_.decisions.mix = mix.taken();
    return std::move(history_);
  }

 private:
  void write(Choices& choices) {
    std::vector<Change> changes;
    for (auto count = choices.chance(500) ? choices.between(1, 6) : 1; count > 0; --count)
      changes.push_back(any_change(choices));
    const auto together = write_together(*subject_, ids_, std::move(changes));
    if (together.in_order.size() > 1) ++counts_["commits of several changes"];
    for (const auto n : together.in_order) {
      const auto words = apply(state_, ids_, together.changes[n], together.said[n].ids);
      if (words != together.said[n].words)
        wrong("a change said   " + together.said[n].words + "\nit should have  " + words);
      check_ids(together.said[n].ids);
    }
    for (std::size_t n = 0; n < together.changes.size(); ++n) judge(together, n);
  }

  void judge(const Together& together, std::size_t n) {
    const auto& outcome = together.outcomes[n];
    history_.lines.push_back("write " + told(together.changes[n]) + " -> " + text_of(outcome));
    ++counts_[text_of(outcome)];
    const auto commits = std::count(together.in_order.begin(), together.in_order.end(), n);
    if (commits != (outcome.done() ? 1 : 0))
      wrong(text_of(outcome) + ", and committed " + std::to_string(commits) + " times");
    const bool refused =
        outcome.error == store::StoreError::busy || outcome.error == store::StoreError::full;
    if (!refused && outcome.threw != together.changes[n].throws())
      wrong("a change that throws must throw, and no other");
    if (outcome.error == store::StoreError::outcome_unknown)
      wrong("no outcome may be unknown here");
  }

  /// TID-02: an id is the name of one notification, whoever's inbox it lies in.
  void check_ids(const std::vector<TimeUuid>& ids) {
    for (const auto& id : ids)
      if (!given_.insert(id).second && !ids_.by_wall_clock)
        wrong("an id was given twice: " + id.text());
  }

  void ask(Choices& choices) {
    Question question{.user = users[choices.below(users.size())]};
    if (choices.chance(500)) question.client = devices[choices.below(devices.size())];
    question.since = any_pointer(choices, question.user);
    question.oldest = choices.chance(300) ? moment(choices.below(60)) : TimeUuid::earliest;
    if (choices.chance(30)) question.oldest = beyond_time;
    question.size = choices.below(6);
    if (choices.chance(300)) question.after = choices.below(people.size());
    history_.lines.push_back(told(question));
    std::string seen;
    const auto read =
        subject_->read([&](const store::Reader& rows) { seen = answer(rows, question); });
    const auto expected = answer(state_, question);
    ++counts_[expected.substr(0, expected.find('\n'))];
    if (read && seen != expected) wrong("the answer is\n" + seen + "\nand should be\n" + expected);
  }

  /// None, one that is there, or one that is not: next to one that is, or of another time.
  std::optional<TimeUuid> any_pointer(Choices& choices, const UserId& user) {
    const auto kind = choices.below(4);
    if (kind == 0) return std::nullopt;
    const auto inbox = state_.inboxes.find(user);
    if (kind == 1 || inbox == state_.inboxes.end() || inbox->second.kept.empty())
      return TimeUuid::at(moment(choices.below(60)), {});
    const auto& kept = inbox->second.kept;
    const auto place = choices.below(static_cast<std::uint32_t>(kept.size()));
    const auto id = std::next(kept.begin(), place)->first;
    if (kind == 2) return id;
    auto near = id.origin();
    near.node ^= 1;
    return TimeUuid::at(id.instant(), near);
  }

  /// A snapshot stays as it is, whatever is committed meanwhile.
  void look_beside(Choices& choices) {
    if (!subject_->writes_beside_readers()) return;
    history_.lines.emplace_back("look before and after the next write, in one snapshot");
    ++counts_["snapshots"];
    const auto read = subject_->read([&](const store::Reader& rows) {
      const auto before = look(rows);
      write(choices);
      if (const auto differs = difference(before, look(rows)); !differs.empty())
        wrong("a snapshot has changed:\n" + differs);
    });
    if (!read) wrong("reading was refused");
  }

  void forget(Choices& choices) {
    const auto oldest = moment(choices.below(60));
    history_.lines.push_back("forget what is before " + name_of(oldest));
    const auto removed = subject_->forget(oldest);
    if (!removed)
      return;  // A sweep that was refused is a sweep that was not begun, or begun again.
    const auto expected = stores::forget(state_, oldest);
    if (*removed != expected)
      wrong("removed " + std::to_string(*removed) + ", not " + std::to_string(expected));
    if (expected > 0) ++counts_["forgotten"];
  }

  void reopen() {
    history_.lines.emplace_back("reopen");
    subject_->reopen();
    ++counts_["reopened"];
  }

  void compare() {
    State seen;
    if (subject_->read([&](const store::Reader& rows) { seen = look(rows); }))
      if (const auto differs = difference(state_, seen); !differs.empty()) wrong(differs);
  }

  void wrong(const std::string& what) {
    if (history_.violation.empty()) history_.violation = what;
  }

  std::unique_ptr<Subject> subject_;
  Counts& counts_;
  Ids ids_;
  State state_;
  std::set<TimeUuid> given_;
  History history_;
};

std::uint64_t number_in_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  if (text == nullptr) return otherwise;
  const std::string_view digits{text};
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), number);
  if (error != std::errc{} || end != digits.end())
    throw std::runtime_error{std::string{name} + " is no number"};
  return number;
}

}  // namespace

Together write_together(Subject& subject, const Ids& ids, std::vector<Change> changes,
                        const std::function<void(std::size_t)>& committed) {
  Together together{.changes = std::move(changes), .said = {}, .outcomes = {}, .in_order = {}};
  together.said.resize(together.changes.size());
  std::vector<store::Write> writes;
  for (std::size_t n = 0; n < together.changes.size(); ++n) {
    writes.emplace_back(
        [&together, &ids, n](store::Transaction& rows) {
          together.said[n] = perform(rows, ids, together.changes[n]);
        },
        [&together, &committed, n] {
          together.in_order.push_back(n);
          if (committed) committed(n);
        });
  }
  together.outcomes = subject.write(std::move(writes));
  return together;
}

History draw(std::uint64_t seed, std::size_t acts, const OpenSubject& open, Counts& counts) {
  auto mix = Choices::drawn_from(stream_seed(seed, "mix"));
  Run run{seed, open, mix, counts};
  for (std::size_t n = 0; n < acts; ++n)
    if (!run.act(Choices::drawn_from(stream_seed(seed, "act", n)))) break;
  return std::move(run).end(mix);
}

History repeat(const Decisions& decisions, const OpenSubject& open) {
  Counts ignored;
  auto mix = Choices::repeating(decisions.mix);
  Run run{decisions.seed, open, mix, ignored};
  for (const auto& command : decisions.commands)
    if (!run.act(Choices::repeating(command))) break;
  return std::move(run).end(mix);
}

Campaign Campaign::of(std::size_t histories) {
  return {.seed = number_in_environment("TWOSTEP_STORES_SEED", 1),
          .histories = number_in_environment("TWOSTEP_STORES_RUNS", histories)};
}

std::string find_fault(const Campaign& campaign, const OpenSubject& open, Counts& counts) {
  for (std::size_t n = 0; n < campaign.histories; ++n) {
    const auto history = draw(campaign.seed + n, campaign.acts, open, counts);
    if (!history.violation.empty())
      return tell_smallest(history,
                           [&](const Decisions& decisions) { return repeat(decisions, open); });
  }
  return {};
}

std::string tell_smallest(const History& failed,
                          const std::function<History(const Decisions&)>& repeat) {
  const auto fails = [&](const Decisions& decisions) {
    return !repeat(decisions).violation.empty();
  };
  const auto history = repeat(shrink(failed.decisions, fails, shrink_attempts_max));
  std::ostringstream out;
  for (const auto& line : history.lines) out << "  " << line << '\n';
  out << history.violation << "\nagain: TWOSTEP_STORES_SEED=" << failed.decisions.seed
      << " TWOSTEP_STORES_RUNS=1, and the same test\n";
  return out.str();
}

}  // namespace twostep::properties::stores
