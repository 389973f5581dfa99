#include "model/explore/app/options.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <functional>
#include <limits>
#include <thread>

namespace twostep::model::explore {
namespace {

/// Takes the value of an option; false if it is none.
using Take = std::function<bool(Request&, std::string_view)>;

struct Flag {
  std::string_view name;
  void (*set)(Request&);
};

struct Valued {
  std::string_view name;
  Take take;
};

template <class Number>
Take number(Number Options::*into, std::uint64_t least, std::uint64_t most, int shift = 0) {
  return [=](Request& request, std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < least || value > most)
      return false;
    request.options.*into = static_cast<Number>(value << shift);
    return true;
  };
}

Take text(std::string Request::*into) {
  return [into](Request& request, std::string_view value) {
    request.*into = value;
    return !value.empty();
  };
}

constexpr std::array flags{
    Flag{"--list", [](Request& request) { request.list = true; }},
    Flag{"--help", [](Request& request) { request.help = true; }},
    Flag{"--pinned", [](Request& request) { request.pinned = true; }},
    Flag{"--witnesses", [](Request& request) { request.witnesses = true; }},
    Flag{"--quiet", [](Request& request) { request.quiet = true; }},
    Flag{"--no-symmetry", [](Request& request) { request.options.symmetry = false; }},
};

const auto& valued_options() {
  constexpr auto mib_max = std::uint64_t{1} << 30;
  constexpr auto any = std::numeric_limits<std::uint64_t>::max();
  static const std::array options{
      Valued{"--threads", number(&Options::threads, 1, limits::threads_max)},
      Valued{"--memory-max", number(&Options::memory_bytes_max, 3, mib_max, 20)},
      Valued{"--depth-max", number(&Options::depth_max, 0, limits::depth_max)},
      Valued{"--seed", number(&Options::seed, 0, any)},
      Valued{"--bug", text(&Request::bug)},
      Valued{"--json", text(&Request::json)},
      Valued{"--mermaid", text(&Request::mermaid)},
      Valued{"--html", text(&Request::html)},
  };
  return options;
}

}  // namespace

Parsed parse(std::span<const char* const> arguments) {
  Request request;
  request.options.threads =
      std::clamp(std::thread::hardware_concurrency(), 1u, limits::threads_max);
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view word = arguments[i];
    const auto is_it = [word](const auto& option) { return option.name == word; };
    if (!word.starts_with("--")) {
      request.words.emplace_back(word);
    } else if (const auto flag = std::find_if(flags.begin(), flags.end(), is_it);
               flag != flags.end()) {
      flag->set(request);
    } else {
      const auto& valued = valued_options();
      const auto option = std::find_if(valued.begin(), valued.end(), is_it);
      if (option == valued.end()) return "no such option: " + std::string{word};
      if (++i == arguments.size()) return std::string{word} + " needs a value";
      if (!option->take(request, arguments[i])) {
        return std::string{arguments[i]} + " is no value for " + std::string{word};
      }
    }
  }
  return request;
}

std::string_view help() {
  return R"(Explores every history of a small world.

  twostep-explore --list                 the worlds, and what each has been seen to have
  twostep-explore WORLD [options]        explore one of them
  twostep-explore loss [options]         how often random histories lose a message (loss --help)
  twostep-explore compare m1 queued      what one federation profile allows and another does not
  twostep-explore reports WORLD          who has each message in the end, and what its sender was told

  --bug NAME        plant a fault in the model (--list names them)
  --threads N       default: one for each processor; the result does not depend on it
  --memory-max MIB  give up beyond this (2048)
  --depth-max N     stop behind histories of N steps
  --no-symmetry     count states that differ only in interchangeable names one by one
  --seed N          other fingerprints: two runs that count alike have not both missed a state
  --witnesses       also tell how each thing that sometimes happens can happen
  --pinned          succeed exactly if the counts and findings are the documented ones
  --json FILE       counts and histories; - is standard output
  --mermaid FILE    the first history told, as a sequence diagram
  --html FILE       the same as a page with a picture
  --quiet           no progress

Exit codes: 0 all that should hold does, 1 something does not, 2 not understood,
3 not explored to the end (memory, depth).
)";
}

}  // namespace twostep::model::explore
