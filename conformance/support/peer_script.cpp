#include "conformance/support/peer_script.hpp"

#include <condition_variable>
#include <mutex>

#include "conformance/support/patience.hpp"

namespace twostep::conformance {
namespace {

std::string response(int status, const std::string& type, const std::string& body) {
  return "HTTP/1.1 " + std::to_string(status) + " Scripted\r\nContent-Type: " + type +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

Answering always(Answer answer) {
  return [answer = std::move(answer)](const Call&) { return answer; };
}

/// Its length is announced, and its end never comes.
std::string half_a_response() {
  auto text = response(200, "application/json", R"({"half": "of an answer"})");
  text.resize(text.size() - 8);
  return text;
}

}  // namespace

void PrintTo(const Call& call, std::ostream* out) {
  *out << call.peer << " received " << call.rpc << " from " << call.origin << " with "
       << call.bytes;
}

Answering with_json(const Json& body, int status) {
  return always({.bytes = response(status, "application/json", body.dump())});
}

Answering with_error(int status, const std::string& label) {
  return with_json({{"code", status}, {"label", label}, {"message", "scripted by the suite"}},
                   status);
}

Answering with_text(const std::string& text, int status) {
  return always({.bytes = response(status, "application/json", text)});
}

Answering with_bytes(const std::string& bytes) {
  return always({.bytes = bytes, .ending = Answer::Ending::closes});
}

Answering by_silence() { return always({.ending = Answer::Ending::falls_silent}); }
Answering by_hanging_up() { return always({.ending = Answer::Ending::closes}); }
Answering by_reset() { return always({.ending = Answer::Ending::resets}); }

Answering by_half_an_answer() {
  return always({.bytes = half_a_response(), .ending = Answer::Ending::closes});
}

Answering by_stopping_midway() {
  return always({.bytes = half_a_response(), .ending = Answer::Ending::falls_silent});
}

Answering without_end() {
  return always({.bytes = "HTTP/1.1 200 Scripted\r\nContent-Type: application/json\r\n"
                          "Content-Length: 17179869184\r\n\r\n[",
                 .ending = Answer::Ending::never_ends});
}

struct Held::State {
  std::mutex mutex = {};
  std::condition_variable changed = {};
  bool arrived = false;
  bool released = false;
  Answering instead = {};

  void release(Answering answering) {
    const std::lock_guard lock{mutex};
    if (!released) instead = std::move(answering);
    released = true;
    changed.notify_all();
  }
};

Held::Held() : held_(std::make_shared<State>()) {
  last_copy_ = {nullptr, [held = held_](std::nullptr_t) { held->release({}); }};
}

bool Held::arrives() const {
  std::unique_lock lock{held_->mutex};
  return held_->changed.wait_until(lock, deadline(), [this] { return held_->arrived; });
}

void Held::release(Answering answering) const { held_->release(std::move(answering)); }

Answering Held::answering(Answering truth) const {
  return [held = held_, truth = std::move(truth)](const Call& call) {
    std::unique_lock lock{held->mutex};
    held->arrived = true;
    held->changed.notify_all();
    held->changed.wait(lock, [&] { return held->released; });
    const auto instead = held->instead;
    lock.unlock();
    return instead ? instead(call) : truth(call);
  };
}

}  // namespace twostep::conformance
