#include "impl/wire/event.hpp"

#include "impl/wire/base64.hpp"
#include "impl/wire/json_text.hpp"

namespace twostep::wire {
namespace {

// The beginning of every event, up to the value of `data`.
std::string beginning(std::string_view type, const EventOrigin& origin) {
  std::string out = R"({"type":)";
  append_json_string(out, type);
  out += R"(,"conversation":")" + origin.conversation.id.text();
  out += R"(","qualified_conversation":)";
  append_qualified_id(out, origin.conversation.domain, origin.conversation.id);
  out += R"(,"from":")" + origin.from.id.text();
  out += R"(","qualified_from":)";
  append_qualified_id(out, origin.from.domain, origin.from.id);
  out += R"(,"time":")" + millisecond_time(origin.time);
  out += R"(","via":"user","data":)";
  return out;
}

}  // namespace

MessageEvents::MessageEvents(const EventOrigin& origin, ClientId sender, std::string_view blob)
    : common_{beginning("conversation.otr-message-add", origin)} {
  constexpr std::string_view before_time = R"("time":")";
  time_at_ = common_.find(before_time) + before_time.size();  // No domain has a quote.
  common_ += R"({"sender":")" + sender.text();
  common_ += R"(","data":")";
  append_base64(common_, blob);
  common_ += R"(","recipient":")";
}

std::string MessageEvents::event_for(ClientId recipient, std::string_view ciphertext) const {
  constexpr std::string_view before_text = R"(","text":")";
  constexpr std::string_view end = R"("}})";
  const auto client = recipient.text();
  std::string event;
  event.reserve(common_.size() + client.size() + before_text.size() +
                (ciphertext.size() + 2) / 3 * 4 + end.size());
  event += common_;
  event += client;
  event += before_text;
  append_base64(event, ciphertext);
  event += end;
  return event;
}

std::string MessageEvents::at_time(std::string_view event, std::string_view time) const {
  std::string out{event};
  out.replace(time_at_, time.size(), time);
  return out;
}

std::string conversation_event(std::string_view type, const EventOrigin& origin, const Json& data) {
  return conversation_event_of(type, origin, text_of(data));
}

std::string conversation_event_of(std::string_view type, const EventOrigin& origin,
                                  std::string_view data) {
  auto event = beginning(type, origin);
  event.reserve(event.size() + data.size() + 1);
  event += data;
  event += '}';
  return event;
}

}  // namespace twostep::wire
