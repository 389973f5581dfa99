#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "bench/macro/audit.hpp"
#include "bench/macro/cast.hpp"
#include "bench/macro/traffic.hpp"

namespace twostep::bench {

/// Messages as a load: each task is one send, to all recipients of one conversation, in turn.
///
/// Shape      Every conversation has its own numbering and its own audit, since a recipient gets the
///            messages of one conversation only.
class Sends : public Workload {
 public:
  Sends(const Endpoint& http, std::vector<Cast> casts, std::size_t bytes);

  std::optional<std::string> request(std::size_t task, std::size_t step) override;
  void ended(Exchange&& exchange) override;

  /// One message as it was sent.
  struct Sent {
    Clock::time_point intended = {};
    bool acknowledged = false;
  };

  std::size_t conversations() const { return groups_.size(); }
  const Cast& cast(std::size_t conversation) const { return groups_[conversation].cast; }
  const std::vector<Sent>& sent(std::size_t conversation) const {
    return groups_[conversation].sent;
  }
  Audit& audit(std::size_t conversation) { return groups_[conversation].audit; }

  /// Sends that were answered, but not with a 201.
  std::size_t refused() const { return refused_; }

  /// Lets every recipient catch up, and judges what each has got.
  void judge_inboxes(Traffic& traffic);

  /// What is wrong with the run; empty if nothing is.
  std::vector<std::string> anomalies() const;

 private:
  struct Group {
    Cast cast;
    SendTemplate request;
    std::vector<std::string> pointers;  ///< Of the recipients, before the first message.
    std::vector<Sent> sent = {};
    Audit audit = {};
  };

  struct Place {
    std::size_t group;
    std::size_t number;
  };

  Endpoint http_;
  std::vector<Group> groups_;
  std::vector<Place> place_of_task_;
  std::size_t refused_ = 0;
};

}  // namespace twostep::bench
