#include "property-tests/stores/surviving.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <stdexcept>
#include <utility>

namespace twostep::properties::stores {

void Surviving::apply(const Operation& operation) {
  begin(operation);
  switch (operation.kind) {
    case Operation::Kind::write:
      if (operation.through && !operation.failed)
        for (auto at = operation.offset; at < operation.offset + operation.bytes.size();
             at = (at / sector_bytes + 1) * sector_bytes)
          keep(at / sector_bytes);
      return;
    case Operation::Kind::sync:
      for (auto sector = unsure_.begin(); sector != unsure_.end();) {
        const auto number = sector->first;
        const bool written = std::exchange(sector->second.dirty, false) && !operation.failed;
        ++sector;
        if (written) keep(number);
      }
      if (!operation.failed) durable_.resize(std::max(durable_.size(), cached_.size()));
      return;
    case Operation::Kind::name_draft:
    case Operation::Kind::name_data:
      return;
    case Operation::Kind::sync_directory:
      durable_name_ = name_;
      return;
  }
}

void Surviving::begin(const Operation& operation) {
  if (operation.kind == Operation::Kind::name_draft) *this = Surviving{Name::draft};
  if (operation.kind == Operation::Kind::name_data) name_ = Name::data;
  if (operation.kind != Operation::Kind::write || operation.bytes.empty()) return;
  const auto end = operation.offset + operation.bytes.size();
  if (cached_.size() < end) cached_.resize(end);
  cached_.replace(operation.offset, operation.bytes.size(), operation.bytes);
  ++writes_;
  for (auto sector = operation.offset / sector_bytes; sector * sector_bytes < end; ++sector) {
    auto& unsure = unsure_[sector];
    unsure.versions.push_back({writes_, cached_.substr(sector * sector_bytes, sector_bytes)});
    // Told that it failed, the system does not try again.
    unsure.dirty = !(operation.through && operation.failed);
  }
}

/// As it is seen now, so it stays.
void Surviving::keep(std::size_t sector) {
  const auto bytes = cached_.substr(sector * sector_bytes, sector_bytes);
  if (durable_.size() < sector * sector_bytes + bytes.size())
    durable_.resize(sector * sector_bytes + bytes.size());
  durable_.replace(sector * sector_bytes, bytes.size(), bytes);
  unsure_.erase(sector);
}

Files Surviving::named(std::string bytes, Name name) const {
  switch (name) {
    case Name::none:
      break;
    case Name::draft:
      return {.data = std::nullopt, .draft = std::move(bytes)};
    case Name::data:
      return {.data = std::move(bytes), .draft = std::nullopt};
  }
  return {};
}

Files Surviving::seen() const { return named(cached_, name_); }

template <class Which>
std::string Surviving::image(Which which) const {
  auto image = durable_;
  for (const auto& [number, sector] : unsure_) {
    const Version* kept = which(sector);
    if (kept == nullptr) continue;
    const auto at = number * sector_bytes;
    if (image.size() < at + kept->bytes.size()) image.resize(at + kept->bytes.size());
    image.replace(at, kept->bytes.size(), kept->bytes);
  }
  return image;
}

std::vector<Files> Surviving::images(Choices& choices, std::size_t drawn) const {
  std::set<Files> found;
  const auto add = [&](const std::string& bytes) {
    found.insert(named(bytes, durable_name_));
    if (name_ != durable_name_) found.insert(named(bytes, name_));
  };
  std::set<std::size_t> ends{0};
  for (const auto& [number, sector] : unsure_)
    for (const auto& version : sector.versions) ends.insert(version.written);
  for (const auto end : ends) {
    add(image([&](const Sector& sector) {
      const Version* last = nullptr;
      for (const auto& version : sector.versions)
        if (version.written <= end) last = &version;
      return last;
    }));
  }
  for (; drawn > 0 && !unsure_.empty(); --drawn) {
    add(image([&](const Sector& sector) -> const Version* {
      const auto count = static_cast<std::uint32_t>(sector.versions.size());
      const auto drawn_version = choices.below(count + 1);
      return drawn_version == 0 ? nullptr : &sector.versions[drawn_version - 1];
    }));
  }
  return {found.begin(), found.end()};
}

void put_files(const Files& files, const std::filesystem::path& directory) {
  std::filesystem::create_directories(directory);
  const auto put = [&](const char* name, const std::optional<std::string>& bytes) {
    const auto path = directory / name;
    std::filesystem::remove(path);
    if (!bytes) return;
    std::ofstream out{path, std::ios::binary};
    if (!out.write(bytes->data(), static_cast<std::streamsize>(bytes->size())).flush())
      throw std::runtime_error{"cannot write " + path.string()};
  };
  put("data.mdb", files.data);
  put("data.new", files.draft);
}

}  // namespace twostep::properties::stores
