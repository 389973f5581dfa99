#include "conformance/support/target.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <initializer_list>

namespace twostep::conformance {
namespace {

/// An object of the target file, with its place in it for messages.
class Section {
 public:
  Section(const Json& json, std::string place) : json_(json), place_(std::move(place)) {
    if (!json.is_object()) throw TargetError(place_ + " must be an object");
  }

  void knows(std::initializer_list<const char*> keys) const {
    for (const auto& [key, value] : json_.items()) {
      if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
      std::string known;
      for (const auto* name : keys) known += (known.empty() ? "" : ", ") + std::string(name);
      throw TargetError("unknown key \"" + key + "\" in " + place_ + "; known are: " + known);
    }
  }

  bool has(const char* key) const { return json_.contains(key); }
  const Json& at(const char* key) const { return json_.at(key); }
  Section section(const char* key) const { return {json_.at(key), std::string(key)}; }

  std::string text(const char* key) const {
    if (!has(key)) throw TargetError(place_ + " needs \"" + key + "\"");
    if (!json_.at(key).is_string()) {
      throw TargetError("\"" + std::string(key) + "\" in " + place_ + " must be a string");
    }
    return json_.at(key).get<std::string>();
  }

  std::string text(const char* key, const std::string& otherwise) const {
    return has(key) ? text(key) : otherwise;
  }

 private:
  const Json& json_;
  std::string place_;
};

Endpoint endpoint(const std::string& text) {
  const auto colon = text.rfind(':');
  const auto port = colon == std::string::npos ? 0 : std::atoi(text.c_str() + colon + 1);
  if (port <= 0 || port > 65535) throw TargetError("\"" + text + "\" is not host:port");
  return {text.substr(0, colon), port};
}

std::string url(const std::string& text, std::initializer_list<const char*> schemes) {
  for (const auto* scheme : schemes) {
    if (text.starts_with(std::string(scheme) + "://")) {
      return text.ends_with('/') ? text.substr(0, text.size() - 1) : text;
    }
  }
  throw TargetError("\"" + text + "\" must begin with " + *schemes.begin() + ":// or " +
                    *(schemes.end() - 1) + "://");
}

Accounts accounts(const Section& section) {
  section.knows({"how", "url", "users"});
  Accounts result;
  const auto how = section.text("how");
  if (how == "register") return result;
  if (how == "internal") {
    result.how = Accounts::How::internal;
    result.url = url(section.text("url"), {"http", "https"});
    return result;
  }
  if (how != "list") {
    throw TargetError("accounts.how is \"" + how + "\"; known are: register, internal, list");
  }
  result.how = Accounts::How::list;
  if (!section.has("users") || !section.at("users").is_array()) {
    throw TargetError("accounts needs \"users\", a list of {\"email\", \"password\"}");
  }
  for (const auto& entry : section.at("users")) {
    const Section user{entry, "accounts.users"};
    user.knows({"email", "password"});
    result.users.push_back({user.text("email"), user.text("password")});
  }
  return result;
}

Federation federation(const Section& section) {
  section.knows({"profile", "url", "peers", "authority"});
  Federation result;
  result.profile = section.text("profile", "m1");
  result.url = url(section.text("url"), {"http", "https"});
  if (section.has("peers")) {
    const auto peers = section.section("peers");
    peers.knows({"pattern", "listen"});
    result.peers_pattern = peers.text("pattern");
    result.peers_listen = endpoint(peers.text("listen"));
  }
  const bool over_tls = result.url.starts_with("https://");
  if (over_tls != section.has("authority")) {
    throw TargetError("federation needs \"authority\" if its url is https, and only then");
  }
  if (over_tls) {
    const auto authority = section.section("authority");
    authority.knows({"certificate", "key"});
    result.authority = Authority{authority.text("certificate"), authority.text("key")};
  }
  return result;
}

std::vector<KnownFailure> known_failures(const Json& list) {
  if (!list.is_array()) throw TargetError("known_failures must be a list");
  std::vector<KnownFailure> result;
  for (const auto& entry : list) {
    const Section section{entry, "known_failures"};
    section.knows({"clause", "test", "reason", "link"});
    if (section.has("clause") == section.has("test")) {
      throw TargetError("an entry of known_failures needs either \"clause\" or \"test\"");
    }
    result.push_back({.clause = section.text("clause", ""),
                      .test = section.text("test", ""),
                      .reason = section.text("reason"),
                      .link = section.text("link")});
  }
  return result;
}

}  // namespace

Target parse_target(const Json& json) {
  const Section section{json, "the target file"};
  section.knows({"name", "domain", "api_version", "http", "websocket", "accounts", "federation",
                 "push", "process", "known_failures"});
  Target target;
  target.domain = section.text("domain");
  target.name = section.text("name", target.domain);
  target.http = url(section.text("http"), {"http", "https"});
  target.websocket = url(section.text("websocket"), {"ws", "wss"});
  if (section.has("api_version")) {
    if (!section.at("api_version").is_number_unsigned()) {
      throw TargetError("api_version must be a number, for instance 9");
    }
    target.api_version = section.at("api_version").get<int>();
  }
  if (section.has("accounts")) target.accounts = accounts(section.section("accounts"));
  if (section.has("federation")) target.federation = federation(section.section("federation"));
  if (section.has("push")) {
    const auto push = section.section("push");
    push.knows({"listen"});
    target.push_listen = endpoint(push.text("listen"));
  }
  if (section.has("process")) {
    const auto process = section.section("process");
    process.knows({"kill", "start"});
    target.process = ProcessCommands{process.text("kill"), process.text("start")};
  }
  if (section.has("known_failures")) {
    target.known_failures = known_failures(section.at("known_failures"));
  }
  return target;
}

Target read_target(const std::string& file) {
  std::ifstream in{file};
  if (!in) throw TargetError("cannot read " + file);
  Json json;
  try {
    json = Json::parse(in);
  } catch (const Json::parse_error& error) {
    throw TargetError(file + " is not JSON: " + error.what());
  }
  try {
    auto target = parse_target(json);
    const auto folder = std::filesystem::absolute(file).parent_path();
    target.folder = folder.string();
    if (target.federation && target.federation->authority) {
      auto& files = *target.federation->authority;
      files = {(folder / files.certificate).string(), (folder / files.key).string()};
    }
    return target;
  } catch (const TargetError& error) {
    throw TargetError(file + ": " + error.what());
  }
}

Target quick_target(const std::string& http, const std::string& websocket,
                    const std::string& domain) {
  return parse_target(
      {{"name", domain}, {"domain", domain}, {"http", http}, {"websocket", websocket}});
}

}  // namespace twostep::conformance
