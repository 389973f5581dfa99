// The sender's backend, when another one owns the conversation: it acts for its user as a client
// would, with one request. It checks nothing (FED-34), and meanwhile serves what the owner asks (FED-41).

#include "model/parts.hpp"

namespace twostep::model {

void forward(Backend& backend, const SendRequested& request, Effects& effects) {
  // A peer that forwards to who is not the owner gets what a wrong address gets.
  if (request.from) {
    effects.push_back(Answer{request.request, {.verdict = Verdict::no_conversation}});
    return;
  }
  Job job{.request = request.request, .node = request.node};
  job.role = Job::Role::forwarder;
  job.phase = Job::Phase::forwarded;
  job.message = request.message;
  insert(backend.jobs, job);
  effects.push_back(Forward{request.request, request.message.conversation.owner, request.message});
}

void owner_answered(Backend& backend, const OwnerAnswered& answered, Effects& effects) {
  const auto* job = job_of(backend, answered.request);
  if (job == nullptr || job->role != Job::Role::forwarder) return;
  effects.push_back(Answer{answered.request, answered.outcome});  // FED-36.
  end_job(backend, answered.request);
}

}  // namespace twostep::model
