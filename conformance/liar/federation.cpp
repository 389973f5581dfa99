#include "conformance/liar/federation.hpp"

#include <condition_variable>
#include <memory>

#include "conformance/liar/proxy.hpp"

namespace twostep::conformance::liar {

std::string domain_in_path(const HttpRequest& request) {
  const auto path = request.path();
  const auto begin = path.find('/', 1) + 1;
  return path.substr(begin, path.find('/', begin) - begin);
}

std::string callee_of(const HttpRequest& call) {
  const auto host = call.head.header("Host").value_or("");
  return host.substr(0, host.find(':'));
}

void Neighbours::hear(const HttpRequest& request) {
  static const Route asks{"POST", "/connections/*/*"};
  const auto domain = domain_in_path(request);
  if (!asks.matches(request) || domain.find(".peers.") == std::string::npos) return;
  const std::lock_guard lock{mutex_};
  domains_by_test_[test_of(request)].insert(domain);
}

std::vector<std::string> Neighbours::of(const HttpRequest& request) const {
  const std::lock_guard lock{mutex_};
  const auto known = domains_by_test_.find(test_of(request));
  if (known == domains_by_test_.end()) return {};
  return {known->second.begin(), known->second.end()};
}

Fault calls_whom_it_need_not(std::string name, std::string clause, Route call,
                             AskedAndAnswered asked) {
  const auto neighbours = std::make_shared<Neighbours>();
  return {.name = std::move(name),
          .clause = std::move(clause),
          .on_response = [=](const HttpRequest& request, HttpResponse& response) {
            neighbours->hear(request);
            if (!asked(request, response)) return;
            for (const auto& domain : neighbours->of(request)) {
              call_peer(domain, call.pattern, R"({"users": []})");
            }
          }};
}

Fault calls_twice(std::string name, std::string clause, Route call) {
  return {.name = std::move(name),
          .clause = std::move(clause),
          .calls_again = [call](const HttpRequest& request) { return call.matches(request); }};
}

OnResponse failures_are_acknowledged() {
  return answer_becomes(sends, [](const HttpRequest&, HttpResponse& response) {
    if (response.status() >= 500) response = answer(201, nothing_to_report());
  });
}

OnResponse answer_json_becomes(Route route, std::function<void(Json&)> change) {
  return answer_becomes(std::move(route),
                        [change = std::move(change)](const HttpRequest&, HttpResponse& response) {
                          auto body = response.json();
                          if (response.status() != 200 || body.is_null()) return;
                          change(body);
                          response.set_json(body);
                        });
}

Turnstile turnstile(Route one, Route other) {
  struct Inside {
    std::mutex mutex = {};
    std::condition_variable changed = {};
    int count = 0;
  };
  const auto inside = std::make_shared<Inside>();
  return {.enters = [=](HttpRequest& request) -> std::optional<HttpResponse> {
            const std::lock_guard lock{inside->mutex};
            if (one.matches(request)) ++inside->count;
            return std::nullopt;
          },
          .leaves =
              [=](const HttpRequest& request, HttpResponse&) {
                const std::lock_guard lock{inside->mutex};
                if (one.matches(request)) --inside->count;
                inside->changed.notify_all();
              },
          .waits = [=](HttpRequest& request) -> std::optional<HttpResponse> {
            std::unique_lock lock{inside->mutex};
            if (other.matches(request)) {
              inside->changed.wait(lock, [&] { return inside->count == 0; });
            }
            return std::nullopt;
          }};
}

}  // namespace twostep::conformance::liar
