// twostep-play: scenarios, histories and pictures.

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/play/scenario.hpp"
#include "model/render/mermaid.hpp"
#include "model/render/page.hpp"
#include "model/render/pictures.hpp"
#include "model/worlds/recorded.hpp"

namespace {

using namespace twostep::model;

constexpr const char* usage =
    "twostep-play FILE.txt…             play scenarios, and compare with what they say\n"
    "twostep-play --rewrite FILE.txt…   play them, and write down what happened\n"
    "twostep-play --pictures FILE.md…   compare the pictures of documents with their scenarios\n"
    "twostep-play --rewrite-pictures FILE.md…\n"
    "twostep-play --dialogue | --mermaid | --svg | --html FILE\n"
    "                                   show a scenario (.txt) or a recorded history (.json)\n";

std::optional<std::string> read(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  if (!file) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>{file}, {}};
}

bool write(const std::string& path, const std::string& text) {
  std::ofstream file{path, std::ios::binary};
  file << text;
  return file.good();
}

// Compares or writes; says what is wrong.
bool settle(const std::string& path, const std::string& old, const std::string& now,
            const std::vector<std::string>& errors, bool rewrite) {
  for (const auto& error : errors) std::cerr << path << ": " << error << '\n';
  if (!errors.empty()) return false;
  if (old == now) return true;
  if (rewrite) return write(path, now);
  std::cerr << path << ": " << difference(old, now) << '\n';
  return false;
}

bool check_scenario(const std::string& path, const std::string& text, bool rewrite) {
  const auto played = play(text);
  return settle(path, text, played.text, played.errors, rewrite);
}

bool check_pictures(const std::string& path, const std::string& text, bool rewrite) {
  const auto illustrated = illustrate(text, read);
  return settle(path, text, illustrated.text, illustrated.errors, rewrite);
}

bool show(std::string_view how, const std::string& path, const std::string& text) {
  Trace trace;
  std::string title = path;
  if (path.ends_with(".json")) {
    const auto recorded = recorded_from(text);
    const auto seen = recorded ? replay(*recorded) : std::nullopt;
    if (!seen) {
      std::cerr << path << ": no history of a world that is known\n";
      return false;
    }
    trace = *seen;
    title = recorded->world + (recorded->bug.empty() ? "" : ", " + recorded->bug);
  } else {
    const auto played = play(text);
    trace = played.trace;
    title = played.title;
  }
  if (how == "--dialogue") std::cout << dialogue(trace);
  if (how == "--mermaid") std::cout << mermaid(trace);
  if (how == "--svg") std::cout << svg(trace);
  if (how == "--html") std::cout << page(title, trace);
  return true;
}

bool take(std::string_view option, const std::string& path, const std::string& text) {
  if (option.empty() || option == "--rewrite") return check_scenario(path, text, !option.empty());
  if (option.ends_with("pictures"))
    return check_pictures(path, text, option == "--rewrite-pictures");
  return show(option, path, text);
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> files{argv + 1, argv + argc};
  std::string option;
  if (!files.empty() && files.front().starts_with("--")) {
    option = files.front();
    files.erase(files.begin());
  }
  constexpr std::string_view options =
      " --rewrite --pictures --rewrite-pictures --dialogue --mermaid --svg --html ";
  if (files.empty() || options.find(' ' + option + ' ') == options.npos) {
    if (!option.empty() || files.empty()) return std::cerr << usage, EXIT_FAILURE;
  }
  bool fine = true;
  for (const auto& path : files) {
    const auto text = read(path);
    if (!text) std::cerr << path << ": cannot be read\n";
    fine = text && take(option, path, *text) && fine;
  }
  return fine ? EXIT_SUCCESS : EXIT_FAILURE;
}
