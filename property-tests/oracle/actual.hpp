#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "impl/core/message.hpp"
#include "property-tests/oracle/command.hpp"
#include "property-tests/oracle/overlap.hpp"
#include "property-tests/oracle/seen.hpp"
#include "property-tests/world/node.hpp"

/// What `impl` does: the same people around its own coroutines in the simulated world.
///
/// Shape      One command at a time, each until nothing is left to do. Within a command, tasks run in any
///            order.
/// Threads    One.
namespace twostep::properties::oracle {

/// What is left to chance below the commands.
struct Chance {
  Choices schedule;
  Choices store;
  Choices network;
  std::uint32_t width = 1;  ///< See `Scheduler`.
  std::uint64_t seed = 1;   ///< Of names and ids.
};

class Actual {
 public:
  Actual(const Cast& cast, Chance& chance, Plant plant);
  ~Actual();

  /// Everybody there is; what is in the inboxes then.
  Inboxes begin();

  Seen perform(const Command& command);

  /// All of these at the same time, or nearly so; and the world is slow.
  Overlap overlap(const std::vector<Command>& commands, std::optional<Command::Mishap> mishap);

  std::uint64_t hash() const { return trace_.hash(); }

 private:
  struct Row {
    TimeUuid id;
    std::string event;
    Content content;
  };
  struct Socket {
    std::weak_ptr<Line> line;         ///< It is the node's, and knows this socket.
    std::vector<std::string> frames;  ///< As they came, and nobody has looked at them yet.
    bool opened = false;
    bool closed = false;
    bool hung_up = false;  ///< By the device itself.
  };

  void add_sites();
  void start(std::size_t site);
  boost::asio::awaitable<void> set_up();
  boost::asio::awaitable<void> introduce(std::size_t person);
  boost::asio::awaitable<void> add_talk(std::size_t talk);
  void run(boost::asio::awaitable<void> part);
  void rest();

  std::string carry_out(const Command& command);
  void begin_one(const Command& command, std::size_t number, Overlap& seen);
  std::string connect(const Command& command);
  std::string hang_up(std::size_t device);

  /// Tells the answer; never, if the node dies over it.
  void ask(const Command& command, std::function<void(std::string)> hear);
  boost::asio::awaitable<std::string> answer_to(service::Backend& backend, Command command);
  boost::asio::awaitable<std::string> send(service::Backend& backend, Command command);
  boost::asio::awaitable<std::string> catch_up(service::Backend& backend, Command command);
  boost::asio::awaitable<std::string> change_clients(service::Backend& backend, Command command);
  boost::asio::awaitable<std::string> change_members(service::Backend& backend, Command command);
  NewMessage message_of(const Command& command);

  void read_inboxes();
  Fate fate_of(const Domain& from, const service::PeerCall& call);
  void look_at_inboxes(Seen& seen);
  void look_at_sockets(Seen& seen);
  void look_at_socket(std::size_t device, Socket& socket, Seen& frames, Seen& passing) const;
  void look_at_pushes(Seen& seen);
  void look_at_ends(Seen& seen);
  model::Outcome outcome_of(const Result<Sent>& answer) const;
  std::vector<model::Client> names_of(const Clients& clients) const;
  std::string page_text(std::size_t person, const std::string& body) const;
  std::string event_text(const std::string& event, std::size_t person) const;
  std::string device_name(std::size_t person, const std::string& client) const;
  std::string person_name(const std::string& user) const;
  model::BackendId site_named(const Domain& domain) const;
  std::string place_of(std::size_t person, const TimeUuid& id) const;

  service::Caller caller(std::size_t device) const;
  service::Caller at_a_browser(std::size_t person) const;
  QualifiedUser name_of(std::size_t person) const;
  Site& site(std::size_t number) { return *sites_[number]; }

  const Cast& cast_;
  Chance& chance_;
  const Plant plant_;
  Trace trace_{false};
  Scheduler scheduler_;
  std::vector<std::unique_ptr<Site>> sites_;
  std::unique_ptr<Network> between_;
  std::unique_ptr<Process> devices_;
  std::uint64_t starts_ = 0;

  std::vector<UserId> users_;      ///< By person.
  std::vector<std::string> keys_;  ///< Last-resort keys, by device.
  std::vector<ClientId> clients_;  ///< By device, ascending within a person.
  std::vector<QualifiedConversation> talks_;
  std::unordered_map<std::string, std::string> texts_;  ///< Ciphertexts, by their form on the wire.

  Seen calls_;  ///< Of this command.
  std::optional<Command::Mishap> mishap_;
  std::vector<std::vector<Row>> rows_;  ///< By person.
  std::vector<std::size_t> shown_rows_;
  std::vector<std::pair<std::size_t, std::shared_ptr<Socket>>> sockets_;  ///< With their devices.
  std::vector<std::size_t> shown_pushes_;
};

}  // namespace twostep::properties::oracle
