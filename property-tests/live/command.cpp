#include "property-tests/live/command.hpp"

#include <fstream>

namespace twostep::live {

void to_json(Json& json, const Command& command) {
  json = {{"act", command.act}, {"path", command.path}};
  const auto put = [&](const char* key, const std::string& text) {
    if (!text.empty()) json[key] = text;
  };
  put("as", command.as);
  put("form", command.form);
  put("cookie", command.cookie);
  put("keeps", command.keeps);
  if (!command.headers.empty()) json["headers"] = command.headers;
  if (!command.names.empty()) json["names"] = command.names;
  if (!command.form.empty()) json["body"] = command.body;
  if (command.times != 1) json["times"] = command.times;
}

void from_json(const Json& json, Command& command) {
  command.as = json.value("as", "");
  command.act = json.at("act");
  command.path = json.at("path");
  command.headers = json.value("headers", Json::object());
  command.form = json.value("form", "");
  command.body = json.value("body", Json{});
  command.names = json.value("names", Json::object());
  command.cookie = json.value("cookie", "");
  command.keeps = json.value("keeps", "");
  command.times = json.value("times", 1);
}

Commands read_commands(const std::string& file) {
  Commands commands;
  std::ifstream in{file};
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    commands.push_back(Json::parse(line).get<Command>());
  }
  return commands;
}

void write_commands(const std::string& file, const Commands& commands) {
  std::ofstream out{file};
  for (const auto& command : commands) out << Json(command).dump() << '\n';
}

}  // namespace twostep::live
