#include "conformance/runner/exchange.hpp"

#include <algorithm>
#include <regex>
#include <sstream>

#include "conformance/runner/html.hpp"

namespace twostep::conformance {
namespace {

/// Most entries of a transcript, and most bytes of one body in it.
constexpr std::size_t entries_max = 200;
constexpr std::size_t body_bytes_max = 2'000;

/// Most bytes of a body in a curl line.
constexpr std::size_t curl_body_bytes_max = 1'500;

std::string text(const Json& entry, const char* key) {
  return entry.contains(key) && entry[key].is_string() ? entry[key].get<std::string>() : "";
}

std::string body(const Json& entry, const std::string& key) {
  const auto plain = text(entry, key.c_str());
  return plain.empty() ? text(entry, (key + "_base64").c_str()) : plain;
}

std::string quoted_for_shell(const std::string& argument) {
  return "'" + std::regex_replace(argument, std::regex{"'"}, R"('\'')") + "'";
}

void write_entry(std::ostream& out, const Json& entry) {
  const auto kind = text(entry, "kind");
  char when[32];
  std::snprintf(when, sizeof when, "%8.1f ms  ", entry.value("at_ms", 0.0));
  out << when << text(entry, "actor") << "  ";
  if (kind == "http") {
    out << text(entry, "method") << ' ' << text(entry, "path") << "  →  "
        << entry.value("status", 0) << ' ' << text(entry, "error");
    for (const auto* key : {"request", "response"}) {
      const auto content = body(entry, key);
      if (!content.empty()) out << "\n    " << key << ": " << shortened(content, body_bytes_max);
    }
  } else if (kind == "frame" || kind == "bytes") {
    out << (text(entry, "direction") == "in" ? "received " : "sent ") << text(entry, "opcode")
        << ' ' << shortened(body(entry, "payload"), body_bytes_max);
  } else if (kind == "call") {
    out << "received " << text(entry, "rpc") << " of " << text(entry, "origin") << "  →  "
        << entry.value("status", 0) << ' ' << text(entry, "ending");
    for (const auto* key : {"request", "response"}) {
      out << "\n    " << key << ": " << shortened(body(entry, key), body_bytes_max);
    }
  } else if (kind == "push") {
    out << "the push gateway has received " << entry.value("arrived", Json::array()).dump();
  } else {
    out << text(entry, "command") << text(entry, "text");
  }
  out << "\n";
}

}  // namespace

std::string short_path(const std::string& path) {
  static const std::regex version{"^/v[0-9]+"};
  static const std::regex uuid{"([0-9a-f]{4})[0-9a-f]{4}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"};
  static const std::regex domain{"/(conversations|connections|users)/[^/]+\\.[^/]+/"};
  const auto without_version = std::regex_replace(path, version, "");
  return std::regex_replace(std::regex_replace(without_version, uuid, "$1…"), domain, "/$1/");
}

std::string transcript(const std::vector<Json>& history) {
  std::ostringstream out;
  const auto skipped = history.size() > entries_max ? history.size() - entries_max : 0;
  if (skipped > 0) out << "(" << skipped << " earlier entries are in the history file)\n";
  for (auto i = skipped; i < history.size(); ++i) write_entry(out, history[i]);
  return out.str();
}

std::string curl_line(const std::vector<Json>& history, const std::string& base_url) {
  const auto last = std::find_if(history.rbegin(), history.rend(),
                                 [](const Json& entry) { return text(entry, "kind") == "http"; });
  if (last == history.rend()) return {};
  const auto& entry = *last;
  std::string line = "curl -i -X " + text(entry, "method");
  for (const auto& header : entry.value("request_headers", Json::array())) {
    const auto field = header.get<std::string>();
    line += field.starts_with("Authorization:") ? " -H \"Authorization: Bearer $TOKEN\""
                                                : " -H " + quoted_for_shell(field);
  }
  const auto binary = text(entry, "request_base64");
  const auto plain = text(entry, "request");
  if (plain.size() + binary.size() > curl_body_bytes_max) {
    line += " --data-binary @body";  // From the history file; a line of it would not be read.
  } else if (!plain.empty()) {
    line += " --data-binary " + quoted_for_shell(plain);
  } else if (!binary.empty()) {
    line = "echo " + binary + " | base64 -d | " + line + " --data-binary @-";
  }
  return line + " " + quoted_for_shell(base_url + text(entry, "path"));
}

}  // namespace twostep::conformance
