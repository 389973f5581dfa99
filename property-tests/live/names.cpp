#include "property-tests/live/names.hpp"

#include <algorithm>
#include <cstdio>
#include <regex>

namespace twostep::live {
namespace {

/// Ids that nothing has, one for each name: what nothing is called by at one server is not at the other.
std::string made_up(const std::string& name) {
  std::uint64_t hash = 14'695'981'039'346'656'037u;  // FNV-1a: the same in every run, everywhere.
  for (const unsigned char c : name) hash = (hash ^ c) * 1'099'511'628'211u;
  char text[40];
  const auto low = static_cast<unsigned>(hash & 0xffff'ffff);
  const auto high = static_cast<unsigned>(hash >> 32);
  if (name.find('#') != name.npos) {
    std::snprintf(text, sizeof text, "%08x-4a1b-11ed-9c3d-0242%08x", low, high);
  } else if (name.find('.') != name.npos) {
    std::snprintf(text, sizeof text, "%x%08x", high | 0x1000'0000, low);
  } else {
    std::snprintf(text, sizeof text, "%08x-4a1b-41ed-9c3d-0242%08x", low, high);
  }
  return text;
}

std::string bent(std::string text, const std::string& how) {
  if (how == "upper") std::ranges::transform(text, text.begin(), ::toupper);
  if (how == "zeros") text = "000" + text;
  if (how == "cut") text.pop_back();
  return text;
}

}  // namespace

Names::Names(std::string run) : run_(std::move(run)) { reals_["run"] = run_; }

void Names::call(const std::string& name, const std::string& real) {
  reals_[name] = real;
  names_[real] = '<' + name + '>';
}

std::string Names::real(const std::string& name) const {
  const auto found = reals_.find(name);
  return found == reals_.end() ? made_up(name) : found->second;
}

std::string Names::fill(const std::string& text) const {
  static const std::regex named{R"(<([a-z]+[a-z0-9.#+]*)(?:\|([a-z]+))?>)"};
  std::string filled;
  auto rest = text.begin();
  for (std::sregex_iterator at{text.begin(), text.end(), named}, end; at != end; ++at) {
    filled.append(rest, (*at)[0].first);
    filled += bent(real((*at)[1]), (*at)[2]);
    rest = (*at)[0].second;
  }
  filled.append(rest, text.end());
  return filled;
}

Json Names::fill(const Json& value) const {
  if (value.is_string()) return fill(value.get<std::string>());
  if (!value.is_structured()) return value;
  auto filled = value.is_array() ? Json::array() : Json::object();
  for (const auto& [key, part] : value.items()) {
    if (value.is_array()) {
      filled.push_back(fill(part));
    } else {
      filled[fill(key)] = fill(part);
    }
  }
  return filled;
}

std::optional<std::string> Names::known(const std::string& real) const {
  const auto found = names_.find(real);
  if (found == names_.end()) return std::nullopt;
  return found->second;
}

std::string Names::notification(const std::string& reader, const std::string& real) {
  auto& seen = notifications_[reader];
  const auto [at, is_new] = seen.emplace(real, seen.size() + 1);
  const auto name = reader + '#' + std::to_string(at->second);
  if (is_new) reals_[name] = real;
  reals_[reader + "#last"] = real;
  return '<' + name + '>';
}

std::string Names::stranger(const std::string& real) {
  call("id" + std::to_string(++strangers_), real);
  return *known(real);
}

}  // namespace twostep::live
