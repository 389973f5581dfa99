#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "impl/core/time_uuid.hpp"
#include "impl/store/store.hpp"

/// A store under test, and what its coroutines need to run.
///
/// Shape      An adapter is an entry of `adapters()`: a name and a function that opens a store. It is put
///            to every test by that alone.
/// Errors     What the functions given to it throw comes out of `read`.
/// Threads    One; the store may have its own.
namespace twostep::properties::stores {

/// What came of a write: it is done (neither), it was refused, or its decision threw.
struct Outcome {
  std::optional<store::StoreError> error = {};
  bool threw = false;

  bool done() const { return !error && !threw; }
};

class Subject {
 public:
  virtual ~Subject() = default;

  virtual store::StoreResult<void> read(std::function<void(const store::Reader&)> look) = 0;

  /// All of them are under way together, begun in this order, and decided together where the store can.
  virtual std::vector<Outcome> write(std::vector<store::Write> changes) = 0;

  virtual store::StoreResult<std::size_t> forget(Instant oldest) = 0;

  /// Whether `write` may be called inside of a `look`, as another thread might call it then.
  virtual bool writes_beside_readers() const = 0;

  /// Closes it and opens it again on what it kept. Nothing for a store that keeps nothing.
  virtual void reopen() = 0;
};

using OpenStore = std::function<std::unique_ptr<store::Store>()>;

enum class Kind {
  in_memory,     ///< `decide` runs inside of `write`; nothing is left once it is closed.
  with_a_writer  ///< Holding one `decide` up lets other writes gather behind it.
};

/// A subject that is a real store, driven by an `io_context` of its own. With several threads nothing says
/// in which order they begin, so that a seed does not repeat itself.
std::unique_ptr<Subject> driven(OpenStore open, Kind kind, std::size_t threads = 1);

std::unique_ptr<store::Store> open_memory_store();
std::unique_ptr<store::Store> open_lmdb_store(const std::filesystem::path& directory);

struct Adapter {
  std::string name;
  std::unique_ptr<Subject> (*open)(const std::filesystem::path& directory, std::uint64_t seed);
};

const std::vector<Adapter>& adapters();

}  // namespace twostep::properties::stores
