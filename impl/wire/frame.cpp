#include "impl/wire/frame.hpp"

namespace twostep::wire {
namespace {

std::string frame(const TimeUuid& id, std::string_view event, std::string_view transient) {
  std::string text;
  text.reserve(event.size() + 100);
  text += R"({"id":")";
  text += id.text();
  text += R"(","payload":[)";
  text += event;
  text += R"(],"transient":)";
  text += transient;
  text += '}';
  return text;
}

}  // namespace

std::string notification_frame(const TimeUuid& id, std::string_view event) {
  return frame(id, event, "false");
}

std::string transient_frame(const TimeUuid& id, std::string_view event) {
  return frame(id, event, "true");
}

}  // namespace twostep::wire
