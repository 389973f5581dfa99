#include "property-tests/campaign/planted_answers.hpp"

#include <string>
#include <utility>
#include <vector>

namespace twostep::properties {
namespace {

std::vector<std::string*> texts_of(NewMessage& message) {
  std::vector<std::string*> texts;
  for (auto& [domain, users] : message.recipients)
    for (auto& [user, clients] : users)
      for (auto& [client, text] : clients) texts.push_back(&text);
  return texts;
}

void add(Clients& to, const Stage& stage, std::size_t device) {
  const auto& who = stage.history.devices[device];
  const auto name = stage.name_of(who.person);
  to[name.domain][name.id].insert(who.client);
}

/// A federation error as the sender would see it: its own backend's, or that of the owner.
Refusal failed_peer(const Stage& stage, const Message& message) {
  PeerFault fault{{stage.sites[0]->domain}, "/federation/brig/get-user-clients"};
  const auto home = stage.person_of(stage.history.devices[message.sender]).site;
  const bool elsewhere = stage.history.talks[message.talk].site != home;
  if (elsewhere) fault.inner = R"({"data":{"path":"/federation/brig/get-user-clients"}})";
  return {.reason = Reason::federation_remote_error,
          .fault = std::make_shared<const PeerFault>(std::move(fault))};
}

void plant_in_status(const Stage& stage, const Message& message, Sent& sent) {
  auto& status = sent.status;
  const auto plant = stage.start.plant;
  const auto everybody = [&](Clients& clients) {
    for (std::size_t i = 0; i < stage.history.devices.size(); ++i) add(clients, stage, i);
  };
  if (plant == Plant::stopped_is_told_wrongly) sent.delivered = false;
  if (plant == Plant::forgets_redundant) status.redundant.clear(), status.deleted.clear();
  if (plant == Plant::deleted_and_redundant) status.deleted = status.redundant;
  if (plant == Plant::invents_redundant) everybody(status.redundant);
  if (plant == Plant::forgets_missing) status.missing.clear();
  if (plant == Plant::all_are_missing) everybody(status.missing);
  if (plant == Plant::sender_fails) add(status.failed_to_send, stage, message.sender);
  if (plant == Plant::other_time) status.time += std::chrono::seconds{1};
  if (plant == Plant::all_are_redundant)
    for (const auto& addressee : message.addressees) add(status.redundant, stage, addressee.device);
  if (plant == Plant::one_fails_alone)
    for (auto& [domain, users] : status.failed_to_send)
      while (users.size() > 1) users.erase(users.begin());
}

}  // namespace

void plant_in_message(const Stage& stage, NewMessage& message) {
  const auto plant = stage.start.plant;
  if (plant == Plant::stores_transients) message.transient = false;
  if (plant == Plant::pushes_unasked) message.native_push = true;
  const auto texts = texts_of(message);
  if (plant == Plant::swaps_ciphertexts && texts.size() > 1) std::swap(*texts[0], *texts[1]);
  if (plant == Plant::alters_ciphertexts)
    for (auto* text : texts) *text += '.';
}

void plant_in_answer(const Stage& stage, const Message& message,
                     std::optional<Result<Sent>>& answer) {
  if (!answer) return;
  const auto plant = stage.start.plant;
  if (plant == Plant::accepts_everybody && !*answer) {
    answer.emplace(Sent{.status = {}, .delivered = true});
  } else if (*answer && plant == Plant::refuses_members) {
    answer.emplace(Refusal{Reason::no_conversation});
  } else if (*answer && plant == Plant::refuses_clients) {
    answer.emplace(Refusal{Reason::unknown_client});
  } else if (*answer && plant == Plant::accepted_is_refused) {
    answer.emplace(failed_peer(stage, message));
  } else if (*answer) {
    plant_in_status(stage, message, **answer);
  }
}

}  // namespace twostep::properties
