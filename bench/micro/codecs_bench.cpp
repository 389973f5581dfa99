#include <benchmark/benchmark.h>

#include "bench/micro/samples.hpp"
#include "impl/wire/base64.hpp"
#include "impl/wire/event.hpp"
#include "impl/wire/head.hpp"
#include "impl/wire/message.hpp"

namespace twostep::bench {
namespace {

std::int64_t bytes_of(const benchmark::State& state, std::size_t each) {
  return static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(each);
}

// What    Reading a posted message.
// Unit    Bytes of protobuf per second; recipient clients are the argument.
void decode_message(benchmark::State& state) {
  const auto members = clients(static_cast<std::size_t>(state.range(0)));
  const auto protobuf = message_protobuf(recipients(members));
  for (auto _ : state) benchmark::DoNotOptimize(wire::decode_qualified_message(protobuf));
  state.SetBytesProcessed(bytes_of(state, protobuf.size()));
}
BENCHMARK(decode_message)->Arg(1)->Arg(40)->Arg(500);

// What    The event of one recipient: ciphertext to base64, between what all recipients share.
// Unit    Events per second.
void write_event(benchmark::State& state) {
  const wire::EventOrigin origin{
      {domain(), ConversationId{uuid(1)}}, {domain(), user(1)}, time_uuid(1).instant()};
  const wire::MessageEvents events{origin, client(1), ""};
  const auto text = ciphertext();
  for (auto _ : state) benchmark::DoNotOptimize(events.event_for(client(2), text));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(write_event);

// What    Octets to base64, and back.
// Unit    Octets per second; their number is the argument.
void encode_base64(benchmark::State& state) {
  const std::string octets(static_cast<std::size_t>(state.range(0)), '\x5a');
  for (auto _ : state) benchmark::DoNotOptimize(wire::base64(octets));
  state.SetBytesProcessed(bytes_of(state, octets.size()));
}
BENCHMARK(encode_base64)->Arg(200)->Arg(64 << 10);

void decode_base64(benchmark::State& state) {
  const auto text = wire::base64(std::string(static_cast<std::size_t>(state.range(0)), '\x5a'));
  for (auto _ : state) benchmark::DoNotOptimize(wire::from_base64(text));
  state.SetBytesProcessed(bytes_of(state, static_cast<std::size_t>(state.range(0))));
}
BENCHMARK(decode_base64)->Arg(200)->Arg(64 << 10);

// What    The strict reader of request heads, on the head that a phone sends.
// Unit    Heads per second.
void read_request_head(benchmark::State& state) {
  const std::string head =
      "GET /v9/notifications?size=1000&since=a2f3f0c0-c7c0-11f0-8001-000000000001 HTTP/1.1\r\n"
      "Host: a.example\r\n"
      "Accept: application/json\r\n"
      "Accept-Encoding: gzip, deflate\r\n"
      "Accept-Language: en-GB,en;q=0.9\r\n"
      "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n"
      "Authorization: Bearer " +
      std::string(180, 'x') +
      "\r\n"
      "Connection: keep-alive\r\n\r\n";
  for (auto _ : state) {
    benchmark::DoNotOptimize(wire::head_size(head));
    benchmark::DoNotOptimize(wire::read_head(head));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(read_request_head);

}  // namespace
}  // namespace twostep::bench
