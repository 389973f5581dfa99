#include "property-tests/pure/codec.hpp"

#include "property-tests/pure/generators.hpp"
#include "property-tests/pure/property.hpp"

namespace twostep::properties {
namespace {

using wire::Json;

Property comes_back(const Codec& codec) {
  return [codec] {
    const auto said = codec.say();
    RC_LOG() << said.text;
    RC_ASSERT(Json::parse(said.text) == said.tree);
    const auto back = codec.repeat(said.text);
    RC_ASSERT(back.has_value());
    RC_ASSERT(Json::parse(*back) == said.tree);

    // Whatever the spelling, and with more than anybody reads.
    auto more = said.tree;
    if (more.is_object() && !codec.needed.empty()) more["something new"] = {{"id", nullptr}};
    const auto spelled = codec.repeat(more.dump(2, ' ', true));
    RC_ASSERT(spelled.has_value());
    RC_ASSERT(Json::parse(*spelled) == said.tree);
  };
}

Property needs_what_it_needs(const Codec& codec) {
  return [codec] {
    if (codec.needed.empty()) return;
    auto tree = codec.say().tree;
    const Json::json_pointer place{codec.needed[*below(codec.needed.size())]};
    if (!tree.contains(place)) return;
    reached("taken away");
    auto& around = tree.at(place.parent_pointer());
    switch (*below(4)) {
      case 0:
        if (around.is_object()) {
          around.erase(place.back());
          break;
        }
        [[fallthrough]];  // A list may be shorter.
      case 1:
        tree.at(place) = nullptr;
        break;
      case 2:
        tree.at(place) = tree.at(place).is_number() ? Json("1") : Json(0.5);
        break;
      default:
        tree.at(place) = std::string(1, '\0') + "no such word, name or octets";
        break;
    }
    RC_LOG() << tree.dump();
    RC_ASSERT(!codec.repeat(tree.dump()).has_value());
  };
}

Property means_the_same_or_nothing_when_damaged(const Codec& codec) {
  return [codec] {
    const auto text = *damaged(codec.say().text);
    const auto once = codec.repeat(text);
    reached("harmless", once.has_value());
    if (!Json::accept(text)) RC_ASSERT(!once.has_value());
    if (once) RC_ASSERT(codec.repeat(*once) == once);
  };
}

}  // namespace

void expect_faithful(const Codec& codec) {
  expect_always(comes_back(codec));
  if (codec.needed.empty()) {
    expect_always(needs_what_it_needs(codec));
  } else {
    expect_always(needs_what_it_needs(codec), {"taken away"});
  }
  expect_always(means_the_same_or_nothing_when_damaged(codec));
}

void expect_unfaithful(const Codec& codec) {
  expect_refuted([codec] {
    comes_back(codec)();
    needs_what_it_needs(codec)();
    means_the_same_or_nothing_when_damaged(codec)();
  });
}

}  // namespace twostep::properties
