#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/experimental/concurrent_channel.hpp>
#include <boost/system/error_code.hpp>
#include <cstdint>
#include <optional>

#include "impl/core/ids.hpp"
#include "impl/core/time_uuid.hpp"
#include "impl/service/ports.hpp"

/// Native push: the part of step two for clients that have no websocket.
///
/// When a notification was committed, `offer` asks who of its target clients has a socket now, and
/// queues the others. Workers look up their push tokens and call the gateway, once each. A token
/// that the gateway declares dead is removed, and its client finds `user.push-remove` in its inbox.
///
/// Shape      Only notifications with named targets are pushed, which is what messages are.
/// Errors     Nothing here reaches a sender. What is lost (queue full, gateway failing) is counted:
///            the notification itself is in the inbox.
/// Threads    `offer` is called on the store's thread and never waits; workers run on `executor`.
/// Source     specs/02-deliver.md (DLV-17 to DLV-23), specs/01-send.md (SND-05).
namespace twostep::service {

class StepTwo final : public NativePush {
 public:
  StepTwo(const boost::asio::any_io_executor& executor, const Sockets& sockets,
          PushGateway& gateway);

  void offer(const Doorbell& doorbell) override;

  /// One worker; `limits::push_workers` of them are run. Returns after `stop`, when what it is
  /// doing is done.
  boost::asio::awaitable<void> work(Backend& backend);

  void stop();  ///< What still waits is dropped.

  struct Counts {
    std::uint64_t accepted = 0;
    std::uint64_t dead = 0;
    std::uint64_t failed = 0;
    std::uint64_t dropped = 0;
  };
  Counts counts() const;

 private:
  struct Offer {
    UserId user;
    ClientId client;
    ConnectionId origin;
    TimeUuid id;
    bool high_priority;
  };
  using Queue = boost::asio::experimental::concurrent_channel<void(boost::system::error_code,
                                                                   std::optional<Offer>)>;

  boost::asio::awaitable<void> notify(Backend& backend, Offer offer);
  void count(PushAnswer answer);

  const Sockets& sockets_;
  PushGateway& gateway_;
  Queue queue_;
  std::atomic<bool> stopped_{false};
  std::atomic<std::uint64_t> accepted_{0};
  std::atomic<std::uint64_t> dead_{0};
  std::atomic<std::uint64_t> failed_{0};
  std::atomic<std::uint64_t> dropped_{0};
};

}  // namespace twostep::service
