#pragma once

#include <boost/asio/awaitable.hpp>
#include <map>
#include <utility>
#include <vector>

#include "impl/core/ids.hpp"
#include "impl/core/result.hpp"
#include "impl/service/ports.hpp"
#include "impl/service/together.hpp"

/// The same question to several backends, at the same time: each is asked once, and each answers or
/// fails for itself.
///
/// Threads    On the executor of the one who asks.
/// Source     specs/09-federation.md (FED).
namespace twostep::service {

template <class Question, class Answer>
struct Asked {
  Domain peer;
  Question question;
  Result<Answer> answer = Refusal{Reason::internal};  ///< Until it was asked.
};

/// A call of `peer_calls.hpp`.
template <class Question, class Answer>
using Ask = boost::asio::awaitable<Result<Answer>>(Backend&, Domain, Question);

template <class Question, class Answer>
boost::asio::awaitable<void> ask_one(Backend& backend, Asked<Question, Answer>& asked,
                                     Ask<Question, Answer>* ask) {
  asked.answer = co_await ask(backend, asked.peer, asked.question);
}

/// Returns when all have answered or failed.
template <class Question, class Answer>
boost::asio::awaitable<void> ask_all(Backend& backend, std::vector<Asked<Question, Answer>>& all,
                                     Ask<Question, Answer>* ask) {
  std::vector<boost::asio::awaitable<void>> calls;
  calls.reserve(all.size());
  for (auto& asked : all) calls.push_back(ask_one(backend, asked, ask));
  co_await together(std::move(calls));
}

/// Names of one kind, by their backends; those of `local` are left out.
template <class Answer, class Names>
auto questions_about(const Names& names, const Domain& local) {
  using Id = decltype(names.begin()->id);
  std::map<Domain, std::vector<Id>> by_domain;
  for (const auto& name : names)
    if (name.domain != local) by_domain[name.domain].push_back(name.id);
  std::vector<Asked<std::vector<Id>, Answer>> questions;
  for (auto& [domain, ids] : by_domain) questions.push_back({domain, std::move(ids)});
  return questions;
}

}  // namespace twostep::service
