#include "property-tests/oracle/cast.hpp"

#include "model/worlds/names.hpp"

namespace twostep::properties::oracle {

Cast::Cast(std::uint32_t backends_of, std::uint32_t users_of, std::uint32_t clients_of)
    : backends{backends_of}, users{users_of}, clients{clients_of} {
  for (std::uint16_t home = 0; home < backends; ++home) {
    const auto creator = people.size();
    for (std::uint32_t number = 0; number < users; ++number) {
      const model::UserId user{{home}, number};
      for (std::uint64_t id = 1; id <= clients + 1; ++id) {
        const model::Client client{user, {id}};
        devices.push_back({people.size(), client, id <= clients, model::name(client)});
      }
      people.push_back({user, model::name(user)});
    }
    talks.push_back({{{home}, 0}, creator, "the talk of " + model::name(model::BackendId{home})});
  }
}

std::size_t Cast::person_of(model::UserId user) const {
  return user.home.value * users + user.number;
}

std::size_t Cast::device_of(model::Client client) const {
  return person_of(client.user) * (clients + 1) + client.id.value - 1;
}

// The model tells at most fourteen devices apart.
Cast draw_cast(Choices& choices) {
  switch (const auto backends = choices.between(1, 3)) {
    case 1:
      return {backends, choices.between(2, 3), choices.between(1, 3)};
    case 2:
      return {backends, 2, choices.between(1, 2)};
    default:
      return {backends, choices.between(1, 2), 1};
  }
}

}  // namespace twostep::properties::oracle
