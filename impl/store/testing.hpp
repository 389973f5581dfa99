#pragma once

#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>

#include "impl/store/store.hpp"

/// A store as a test wants it: one call, done when it returns; and a directory to keep it in. For
/// tests only.
///
/// Errors     Exceptions of the given functions come out.
namespace twostep::store::testing {

template <class T>
T wait_for(boost::asio::awaitable<T> operation) {
  boost::asio::io_context context;
  auto result = boost::asio::co_spawn(context, std::move(operation), boost::asio::use_future);
  context.run();
  return result.get();
}

inline StoreResult<void> read(Store& store, std::function<void(const Reader&)> look) {
  return wait_for(store.read(std::move(look)));
}

inline StoreResult<void> write(Store& store, std::function<void(Transaction&)> decide) {
  return wait_for(store.write(Write{std::move(decide)}));
}

/// A new, empty directory, removed at the end. It lies in memory where the system has such a place: tests
/// kill processes, not machines, and would spend their time on waiting for a disk to sync.
class ScratchDirectory {
 public:
  ScratchDirectory() {
    const auto memory = std::filesystem::path{"/dev/shm"};
    const bool writable = ::access(memory.c_str(), W_OK | X_OK) == 0;
    const auto place = writable ? memory : std::filesystem::temp_directory_path();
    auto pattern = (place / "twostep-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error{"no scratch directory"};
    path_ = pattern;
  }
  ~ScratchDirectory() {
    std::error_code ignored;  // What is left behind lies where the system cleans up.
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Everything in the store.
inline std::map<std::string, std::string> rows_of(Store& store) {
  std::map<std::string, std::string> rows;
  const auto done = read(store, [&](const Reader& reader) {
    reader.scan("", "\xff", [&](std::string_view key, std::string_view value) {
      rows.emplace(key, value);
      return true;
    });
  });
  done.value();
  return rows;
}

}  // namespace twostep::store::testing
