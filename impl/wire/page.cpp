#include "impl/wire/page.hpp"

#include <utility>

#include "impl/core/limits.hpp"
#include "impl/wire/json_text.hpp"

namespace twostep::wire {
namespace {

void append_notification(std::string& out, const TimeUuid& id, std::string_view event) {
  out += R"({"id":")";
  out += id.text();
  out += R"(","payload":[)";
  out += event;
  out += "]}";
}

}  // namespace

std::string notification(const TimeUuid& id, std::string_view event) {
  std::string out;
  out.reserve(event.size() + 64);
  append_notification(out, id, event);
  return out;
}

PageWriter::PageWriter() : page_{R"({"notifications":[)"} {
  // A page of a hundred ordinary messages. Most are shorter; longer ones double their way up.
  page_.reserve(64 * limits::kibibyte);
}

void PageWriter::add(const TimeUuid& id, std::string_view event) {
  if (count_++ > 0) page_ += ',';
  append_notification(page_, id, event);
}

std::string PageWriter::finish(bool has_more, Instant time) && {
  page_ += has_more ? R"(],"has_more":true,"time":")" : R"(],"has_more":false,"time":")";
  page_ += second_time(time);
  page_ += R"("})";
  return std::move(page_);
}

}  // namespace twostep::wire
