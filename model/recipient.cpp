// A backend whose users are members of a conversation that another one owns.

#include <algorithm>

#include "model/parts.hpp"

namespace twostep::model {

void ask_clients(Backend& backend, const ClientsAsked& asked, Effects& effects) {
  const auto is_forwarding = [](const Job& job) { return job.role == Job::Role::forwarder; };
  if (has(backend, Bug::waits_while_forwarding) &&
      std::any_of(backend.jobs.begin(), backend.jobs.end(), is_forwarding)) {
    return;
  }
  AnswerClients answer{asked.request, {}};
  for (const auto& id : asked.users) {
    const auto* user = user_of(backend, id);
    if (user != nullptr)
      answer.users.push_back({id, user->clients});  // FED-44: others are left out.
  }
  effects.push_back(std::move(answer));
}

void ask_store(Backend& backend, const StoreAsked& asked, Effects& effects) {
  auto message = asked.message;
  // Only own users who are known as members of it, and it is the caller's (FED-29); whether the
  // clients exist does not matter (FED-30). Nothing may be left to do, and that is fine.
  const auto* conversation = message.conversation.owner == asked.from
                                 ? conversation_of(backend, message.conversation)
                                 : nullptr;
  std::erase_if(message.recipients, [&](const Addressed& recipient) {
    const auto& user = recipient.client.user;
    return conversation == nullptr || user.home != self(backend) ||
           !contains(conversation->members, user);
  });
  if (message.recipients.empty()) {
    effects.push_back(AnswerStore{asked.request});
    return;
  }
  Job job{.request = asked.request, .node = asked.node};
  job.role = Job::Role::recipient;
  job.phase = Job::Phase::storing;
  job.from = asked.from;
  job.told_as = asked.origin;  // Of no use in M1: told again is another message (FED-32).
  job.message = std::move(message);
  insert(backend.jobs, job);
}

}  // namespace twostep::model
