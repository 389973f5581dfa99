#include "conformance/support/raw_socket.hpp"

#include "conformance/support/context.hpp"
#include "conformance/support/http_reply.hpp"
#include "conformance/support/outcome.hpp"
#include "conformance/support/stream.hpp"

namespace twostep::conformance {
namespace {

std::unique_ptr<Stream> connected(const std::string& url, int receive_buffer_bytes) {
  try {
    return std::make_unique<Stream>(Url::parse(url), deadline(), receive_buffer_bytes);
  } catch (const StreamError& error) {
    throw SetupFailed(error.what());
  }
}

}  // namespace

std::string request_text(const std::string& method, const std::string& path,
                         const std::vector<Header>& headers, const std::string& body) {
  auto text = method + " " + path +
              " HTTP/1.1\r\nHost: " + Url::parse(context().target.http).authority() +
              "\r\nX-Conformance-Test: " + context().test + "\r\n";
  for (const auto& header : headers) text += header.name + ": " + header.value + "\r\n";
  return text + "\r\n" + body;
}

struct RawSocket::State {
  std::string actor;
  std::unique_ptr<Stream> stream;
  std::string buffer = {};
  bool ended = false;

  void note(const char* direction, std::string_view bytes) const {
    Json entry = {{"kind", "bytes"}, {"actor", actor}, {"direction", direction}};
    put_body(entry, "payload", std::string{bytes});
    record(entry);
  }
};

RawSocket::RawSocket(std::string actor, const std::string& url, int receive_buffer_bytes)
    : state_(
          std::make_unique<State>(State{std::move(actor), connected(url, receive_buffer_bytes)})) {}
RawSocket::~RawSocket() = default;
RawSocket::RawSocket(RawSocket&&) noexcept = default;
RawSocket& RawSocket::operator=(RawSocket&&) noexcept = default;

bool RawSocket::write(std::string_view bytes) {
  state_->note("out", bytes);
  return state_->stream->write(bytes, deadline()) == Io::done;
}

std::string RawSocket::read_some(Clock::time_point until) {
  auto bytes = std::exchange(state_->buffer, {});
  if (!bytes.empty()) return bytes;
  if (state_->stream->read_some(bytes, until) == Io::ended) state_->ended = true;
  if (!bytes.empty()) state_->note("in", bytes);
  return bytes;
}

std::string RawSocket::read_to_end() {
  const auto until = deadline();
  std::string all;
  for (;;) {
    const auto some = read_some(until);
    if (some.empty()) return all;
    all += some;
  }
}

Reply RawSocket::read_reply() {
  auto reply = conformance::read_reply(*state_->stream, state_->buffer, false, deadline());
  if (!reply.answered()) state_->ended = state_->stream->stale();
  Json entry = {
      {"kind", "bytes"}, {"actor", state_->actor}, {"direction", "in"}, {"status", reply.status}};
  put_body(entry, "payload", reply.answered() ? reply.body : reply.error);
  record(entry);
  return reply;
}

bool RawSocket::ended() const { return state_->ended || state_->stream->stale(); }

void RawSocket::shut_down_writing() { state_->stream->shut_down_writing(); }

}  // namespace twostep::conformance
