#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "model/serve/formats.hpp"

/// Bodies in JSON: read with a bound on their depth, and taken apart field by field.
///
/// Errors     What is missing, or of another type than needed, is a Refusal (400 `bad-request`). Fields that
///            nobody asks for are ignored; `null` is as good as no field.
/// Source     specs/07-wire.md WIR-07, WIR-16; specs/08-robustness.md ROB-05.
namespace twostep::model::serve {

using Json = nlohmann::json;

Json read_json(const std::string& body);

/// A field that must be there, or a Refusal.
const Json& field(const Json& object, const char* name);
/// A field that may be missing: then null.
const Json* field_if(const Json& object, const char* name);

std::string text_in(const Json& object, const char* name);
std::optional<std::string> text_if(const Json& object, const char* name);
std::optional<bool> flag_if(const Json& object, const char* name);
/// A number from `min` to `max`.
std::optional<std::int64_t> number_if(const Json& object, const char* name, std::int64_t min,
                                      std::int64_t max);
const Json& list_in(const Json& object, const char* name);
std::vector<std::string> texts_in(const Json& object, const char* name);
std::vector<std::string> texts_if(const Json& object, const char* name);

QualifiedId qualified_id_in(const Json& value);
std::vector<QualifiedId> qualified_ids_in(const Json& object, const char* name);

Json json_of(const QualifiedId& id);

/// A UUID that stands for itself, or a Refusal.
std::string uuid_in(const std::string& text);

}  // namespace twostep::model::serve
