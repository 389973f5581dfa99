#include "impl/push/notice_body.hpp"

#include "impl/wire/json_text.hpp"

namespace twostep::push {

std::string notice_body(const service::PushNotice& notice) {
  std::string body = R"({"transport":)";
  wire::append_json_string(body, notice.transport);
  body += R"(,"app":)";
  wire::append_json_string(body, notice.app);
  body += R"(,"token":)";
  wire::append_json_string(body, notice.token);
  body += R"(,"priority":)";
  body += notice.high_priority ? R"("high")" : R"("low")";
  body += R"(,"payload":{"type":"notice","data":{"id":")" + notice.id.text();
  body += R"("},"user":")" + notice.user.text() + R"("}})";
  return body;
}

}  // namespace twostep::push
