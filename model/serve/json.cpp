#include "model/serve/json.hpp"

#include "model/serve/http.hpp"
#include "model/serve/limits.hpp"

namespace twostep::model::serve {
namespace {

[[noreturn]] void wrong_type(const char* name) { bad_request(std::string{"Wrong type: "} + name); }

}  // namespace

Json read_json(const std::string& body) {
  const auto not_too_deep = [](int depth, Json::parse_event_t, Json&) {
    if (depth > limits::json_depth_max) bad_request("The JSON is nested too deeply");
    return true;
  };
  try {
    return Json::parse(body, not_too_deep);
  } catch (const Json::exception&) {
    bad_request("The body is not JSON");
  }
}

const Json* field_if(const Json& object, const char* name) {
  if (!object.is_object()) bad_request("The body is not an object");
  const auto found = object.find(name);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

const Json& field(const Json& object, const char* name) {
  const auto* found = field_if(object, name);
  if (!found) bad_request(std::string{"Missing: "} + name);
  return *found;
}

std::string text_in(const Json& object, const char* name) {
  field(object, name);
  return *text_if(object, name);
}

std::optional<std::string> text_if(const Json& object, const char* name) {
  const auto* found = field_if(object, name);
  if (!found) return std::nullopt;
  if (!found->is_string()) wrong_type(name);
  return found->get<std::string>();
}

std::optional<bool> flag_if(const Json& object, const char* name) {
  const auto* found = field_if(object, name);
  if (!found) return std::nullopt;
  if (!found->is_boolean()) wrong_type(name);
  return found->get<bool>();
}

std::optional<std::int64_t> number_if(const Json& object, const char* name, std::int64_t min,
                                      std::int64_t max) {
  const auto* found = field_if(object, name);
  if (!found) return std::nullopt;
  if (!found->is_number_integer()) wrong_type(name);
  if (found->is_number_unsigned() && found->get<std::uint64_t>() > static_cast<std::uint64_t>(max))
    wrong_type(name);
  const auto number = found->get<std::int64_t>();
  if (number < min || number > max) wrong_type(name);
  return number;
}

const Json& list_in(const Json& object, const char* name) {
  const auto& found = field(object, name);
  if (!found.is_array()) wrong_type(name);
  return found;
}

std::vector<std::string> texts_if(const Json& object, const char* name) {
  return field_if(object, name) ? texts_in(object, name) : std::vector<std::string>{};
}

std::vector<std::string> texts_in(const Json& object, const char* name) {
  std::vector<std::string> texts;
  for (const auto& text : list_in(object, name)) {
    if (!text.is_string()) wrong_type(name);
    texts.push_back(text);
  }
  return texts;
}

QualifiedId qualified_id_in(const Json& value) {
  const auto domain = read_domain(text_in(value, "domain"));
  if (!domain) bad_request("Not a domain");
  return {.domain = *domain, .id = uuid_in(text_in(value, "id"))};
}

std::vector<QualifiedId> qualified_ids_in(const Json& object, const char* name) {
  std::vector<QualifiedId> ids;
  for (const auto& id : list_in(object, name)) ids.push_back(qualified_id_in(id));
  return ids;
}

Json json_of(const QualifiedId& id) { return {{"id", id.id}, {"domain", id.domain}}; }

std::string uuid_in(const std::string& text) {
  const auto uuid = read_uuid(text);
  if (!uuid) bad_request("Not a UUID");
  return *uuid;
}

}  // namespace twostep::model::serve
