#include "conformance/liar/events.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace twostep::conformance::liar {

Json& event_in(Json& notification) { return notification["payload"][0]; }
const Json& event_in(const Json& notification) { return notification["payload"][0]; }

OnResponse events_dropped(IsDropped is_dropped) {
  return page_becomes([is_dropped = std::move(is_dropped)](const HttpRequest& request, Json& page) {
    auto kept = Json::array();
    for (const auto& notification : page) {
      if (!is_dropped(request, event_in(notification))) kept.push_back(notification);
    }
    page = kept;
  });
}

OnResponse events_become(std::string type, std::function<void(Json&)> change) {
  return page_becomes(
      [type = std::move(type), change = std::move(change)](const HttpRequest&, Json& page) {
        for (auto& notification : page) {
          if (event_in(notification).value("type", "") == type) change(event_in(notification));
        }
      });
}

OnResponse events_told_twice(std::string type) {
  return page_becomes([type = std::move(type)](const HttpRequest&, Json& page) {
    auto doubled = Json::array();
    for (const auto& notification : page) {
      doubled.push_back(notification);
      if (event_in(notification).value("type", "") != type) continue;
      auto copy = notification;
      auto id = copy.value("id", "");
      if (!id.empty()) id.front() = id.front() == '0' ? '1' : '0';
      copy["id"] = id;
      doubled.push_back(copy);
    }
    page = doubled;
  });
}

OnResponse events_kept_from(std::string type,
                            std::function<bool(const Json&, const std::string&)> concerns) {
  const auto ledger = std::make_shared<Ledger>();
  const auto drop = events_dropped([=](const HttpRequest& request, const Json& event) {
    return event.value("type", "") == type && concerns(event, ledger->user_of(request));
  });
  return [=](const HttpRequest& request, HttpResponse& response) {
    ledger->hear(request, response);
    drop(request, response);
  };
}

void add_event(Json& page, Json event) {
  page.push_back({{"id", "00000000-0000-1fff-8000-000000000000"},
                  {"payload", Json::array({std::move(event)})}});
}

Json json_of(const HttpRequest& request) {
  auto body = Json::parse(request.body, nullptr, false);
  return body.is_object() ? body : Json::object();
}

OnRequest json_becomes(Route route, std::function<void(Json&)> change) {
  return request_becomes(std::move(route), [change = std::move(change)](HttpRequest& request) {
    auto body = Json::parse(request.body, nullptr, false);
    if (!body.is_object()) return;
    change(body);
    request.body = body.dump();
  });
}

OnResponse refusal_becomes(Route route, std::string label, int status) {
  return answer_becomes(std::move(route), [label = std::move(label), status](
                                              const HttpRequest&, HttpResponse& response) {
    const auto body = response.json();
    if (body.is_object() && body.value("label", "") == label) response.set_status(status);
  });
}

OnResponse both(OnResponse one, OnResponse other) {
  return [one = std::move(one), other = std::move(other)](const HttpRequest& request,
                                                          HttpResponse& response) {
    one(request, response);
    other(request, response);
  };
}

OnRequest either(OnRequest one, OnRequest other) {
  return [one = std::move(one), other = std::move(other)](HttpRequest& request) {
    auto response = one(request);
    return response ? response : other(request);
  };
}

}  // namespace twostep::conformance::liar
