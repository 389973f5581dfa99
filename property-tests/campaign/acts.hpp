#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>

#include "property-tests/campaign/stage.hpp"

/// What people and faults do in a run, one act at a time. Many are under way at once.
///
/// Threads    Coroutines of the devices' process.
namespace twostep::properties {

/// Everybody there is: accounts, clients, connections and conversations, as a service is asked for them.
boost::asio::awaitable<void> set_up(Stage& stage);

/// One act, as drawn.
boost::asio::awaitable<void> perform(Stage& stage, Choices& choices);

/// Sends to everybody in the conversation as far as the sender knows, or not quite, as drawn.
boost::asio::awaitable<void> send(Stage& stage, std::size_t device, std::size_t talk,
                                  std::size_t node, Choices& choices);

/// Follows the pointer, page by page, to the end or for so many pages. Whether it came to the end.
boost::asio::awaitable<bool> walk(Stage& stage, std::size_t device, std::size_t node,
                                  std::size_t size, std::size_t pages_max);

/// Opens a websocket, and then catches up and follows it, if that is wanted.
boost::asio::awaitable<void> connect(Stage& stage, std::size_t device, std::size_t node,
                                     Ticks slowness, bool follow);

/// Clients, members, tokens, conversations and connections come and go.
boost::asio::awaitable<void> change(Stage& stage, Act act, std::size_t device, std::size_t node,
                                    Choices& choices);

/// Creates a conversation of some people, while everything else goes on.
boost::asio::awaitable<void> add_talk_later(Stage& stage, std::size_t creator, std::size_t node,
                                            Choices& choices);

void hang_up(Stage& stage, std::size_t device, std::size_t socket);

/// After the faults: messages to everybody, and everybody catches up. Nobody may be refused.
boost::asio::awaitable<void> heal_and_catch_up(Stage& stage);

}  // namespace twostep::properties
