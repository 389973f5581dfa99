#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "model/ids.hpp"
#include "property-tests/world/choices.hpp"

/// Who is there in both worlds, under the names that the model has for them.
///
/// Shape      People and devices have numbers, backend by backend; every person has one device more than
///            is registered at first. Conversations: one of each backend, made by its first user.
namespace twostep::properties::oracle {

struct Person {
  model::UserId user;
  std::string name;
};

struct Device {
  std::size_t person;
  model::Client client;
  bool registered;  ///< At first.
  std::string name;
};

struct Talk {
  model::ConversationId id;
  std::size_t creator;
  std::string name;
};

struct Cast {
  Cast(std::uint32_t backends, std::uint32_t users, std::uint32_t clients);

  std::size_t person_of(model::UserId user) const;
  std::size_t device_of(model::Client client) const;
  std::size_t site_of(const Device& device) const { return people[device.person].user.home.value; }

  std::uint32_t backends;
  std::uint32_t users;    ///< Of each backend.
  std::uint32_t clients;  ///< Registered at first, of each user.
  std::vector<Person> people;
  std::vector<Device> devices;
  std::vector<Talk> talks;
};

Cast draw_cast(Choices& choices);

}  // namespace twostep::properties::oracle
