// Step two and catching up: what must hold of every client and of every inbox.

#include <algorithm>
#include <set>

#include "model/inbox.hpp"
#include "model/worlds/observer.hpp"

namespace twostep::model {
namespace {

using explore::always;
using explore::eventually;
using State = WorldState;

bool is_visible(const Notification& row, const Device& device) {
  return !row.client || *row.client == device.client.id;
}

bool has_handled(const Device& device, NotificationId id) {
  return std::find(device.handled.begin(), device.handled.end(), id) != device.handled.end();
}

// A statement about each client.
using Statement = bool (*)(const Stage&, const Device&);

WorldProperty each(std::string name, Statement holds) {
  return always<State>(std::move(name), [holds](const State& state) {
    const auto& devices = state.stage.devices;
    return std::all_of(devices.begin(), devices.end(),
                       [&](const Device& device) { return holds(state.stage, device); });
  });
}

// A client only ever asks for what is newer than its pointer: whatever lies behind it and has not been
// handled is lost.
bool nothing_is_lost(const Stage& stage, const Device& device) {
  const auto* user = user_of(stage, device.client.user);
  if (!device.pointer || user == nullptr) return true;
  return std::all_of(user->inbox.begin(), user->inbox.end(), [&](const Notification& row) {
    return !is_visible(row, device) || row.id > *device.pointer || has_handled(device, row.id);
  });
}

bool handles_in_order(const Stage&, const Device& device) {
  const auto& handled = device.handled;
  const auto not_ascending = [](const NotificationId& x, const NotificationId& y) {
    return x >= y;
  };
  return device.gap ||
         std::adjacent_find(handled.begin(), handled.end(), not_ascending) == handled.end();
}

bool frames_in_order(const Stage&, const Device& device) {
  return std::is_sorted(device.framed.begin(), device.framed.end());
}

bool one_way(const Stage&, const Device& device) {
  return std::none_of(device.pushed.begin(), device.pushed.end(), [&](const NotificationId& id) {
    return std::find(device.framed.begin(), device.framed.end(), id) != device.framed.end();
  });
}

// As long as the pointer names what is no longer there, the next catch-up will tell.
bool gaps_are_told(const Stage& stage, const Device& device) {
  if (!device.missed || device.gap || !device.pointer) return true;
  const auto* user = user_of(stage, device.client.user);
  return user == nullptr || find_by(user->inbox, *device.pointer, &Notification::id) != nullptr ||
         catch_up(stage.backends[device.client.user.home.value],
                  {device.client.user, device.client.id, device.pointer})
             .gap;
}

bool ids_are_unique(const State& state) {
  std::set<std::pair<BackendId, NotificationId>> ids;
  bool unique = true;
  each_row(state.stage, [&](UserId user, const Notification& row) {
    unique = unique && ids.insert({user.home, row.id}).second;
  });
  return unique;
}

bool has_everything(const Stage& stage, const Device& device) {
  const auto* user = user_of(stage, device.client.user);
  return user == nullptr ||
         std::all_of(user->inbox.begin(), user->inbox.end(), [&](const Notification& row) {
           return !is_visible(row, device) || has_handled(device, row.id);
         });
}

}  // namespace

void add_reading(const Setup& setup, std::vector<WorldProperty>& properties) {
  const auto add = [&](WorldProperty property) { properties.push_back(std::move(property)); };
  add(each("CUP-21, P3: nothing newer is behind a pointer", nothing_is_lost));
  add(always<State>("TID-02: no two notifications of a backend have the same id", ids_are_unique));
  add(each("S3, DLV-19: a frame, a push, or nothing", one_way));
  if (setup.expires) add(each("CUP-17: who missed something is told", gaps_are_told));
  if (setup.ids == IdPolicy::monotonic) {  // Ids from clocks promise no order (TID-09).
    add(each("CUP-03, CUP-05: in the order of ids, none twice", handles_in_order));
    add(each("DLV-09: frames come in the order of their ids", frames_in_order));
  }
  add(eventually<State>("S4: who keeps catching up gets everything", [setup](const State& state) {
    const auto& devices = state.stage.devices;
    return std::all_of(devices.begin(), devices.end(), [&](const Device& device) {
      return !is_among(setup.readers, device.client) || has_everything(state.stage, device);
    });
  }));
}

}  // namespace twostep::model
