#include "property-tests/campaign/stage.hpp"

#include <array>

#include "impl/store/inbox.hpp"

namespace twostep::properties {

Choices Stage::choices_for(const char* purpose, Choices::List Decisions::*list) const {
  if (start.given) return Choices::repeating((*start.given).*list);
  return Choices::drawn_from(stream_seed(start.seed, purpose));
}

Choices Stage::choices_for_command(std::size_t number) const {
  if (start.given) return Choices::repeating(start.given->commands.at(number));
  return Choices::drawn_from(stream_seed(start.seed, "command", number));
}

Decisions Stage::decisions() const {
  Decisions all{.seed = start.seed,
                .mix = mix_choices.taken(),
                .commands = {},
                .schedule = schedule.taken(),
                .store = store.taken(),
                .network = network.taken(),
                .nodes = nodes.taken()};
  for (const auto& command : commands) all.commands.push_back(command.taken());
  return all;
}

Stage::Stage(const Start& how)
    : start{how},
      trace{how.keeps_lines},
      schedule{choices_for("schedule", &Decisions::schedule)},
      store{choices_for("store", &Decisions::store)},
      network{choices_for("network", &Decisions::network)},
      nodes{choices_for("nodes", &Decisions::nodes)},
      mix_choices{choices_for("mix", &Decisions::mix)},
      mix{how.mix ? *how.mix : draw_mix(mix_choices, how.commands_max)},
      scheduler{schedule, mix.width, trace},
      between{mix.federated ? std::make_unique<Network>(scheduler, nodes, sites) : nullptr},
      devices{std::make_unique<Process>(scheduler)} {
  if (start.given) mix.commands = static_cast<std::uint32_t>(start.given->commands.size());
  if (start.plant == Plant::ids_by_wall_clock) mix.ids = store::IdPolicy::wall_clock;
  mix.database.embedded = mix.nodes == 1;
  add_sites();
  static std::uint64_t stages = 0;
  if (start.plant == Plant::unseeded) tell("everybody", std::to_string(++stages));
}

// Whoever waits is gone before what it waits for.
Stage::~Stage() {
  devices->kill();
  if (between) between->stop();
  for (auto& site : sites) site->nodes.clear();
}

void Stage::add_sites() {
  constexpr std::array domains = {"a.example", "b.example", "c.example"};
  for (std::size_t i = 0; i < mix.backends; ++i) {
    sites.push_back(std::unique_ptr<Site>{new Site{
        .domain = *Domain::parse(domains.at(i)),
        .id_policy = mix.ids,
        .scheduler = scheduler,
        .choices = nodes,
        .database = {scheduler, store, mix.nodes == 1},
        .network = between.get(),
        .plant = start.plant == Plant::keeps_expired ? start.plant : Plant::none,
        .retention = mix.retention,
    }});
    auto& site = *sites.back();
    site.skews.resize(mix.nodes);
    site.nodes.resize(mix.nodes);
    for (std::size_t node = 0; node < mix.nodes; ++node) start_node(site, node);
    site.database.rings([this, &site] { ring_for_heads(site); });
  }
}

void Stage::start_node(Site& site, std::size_t node) {
  if (site.nodes[node]) return;
  if (mix.nodes == 1 && !site.database.takes_writes()) site.database.restart();
  site.nodes[node] = std::make_unique<Node>(site, node, stream_seed(start.seed, "node", ++starts));
}

// An embedded database ends with its node.
void Stage::crash_node(Site& site, std::size_t node) {
  ++site.crashes;
  site.nodes[node].reset();
  if (mix.nodes == 1) site.database.crash();
}

void Stage::heal() {
  mix.trips_lost = 0;
  if (between) {
    between->behave({});
    between->mend_all();
  }
  for (auto& site : sites) {
    site->database.behave({.embedded = mix.nodes == 1}, start.plant);
    site->notices.habits = {};
    if (start.plant == Plant::never_heals) continue;
    if (mix.nodes == 1 && site->nodes[0] && !site->database.takes_writes()) crash_node(*site, 0);
    for (std::size_t node = 0; node < site->nodes.size(); ++node) start_node(*site, node);
  }
}

// The channel says in which inboxes something may be new.
void Stage::ring_for_heads(Site& site) {
  std::vector<service::Doorbell> doorbells;
  auto look = site.database.committed().read([&](const store::Reader& reader) {
    for (const auto& person : history.people)
      if (const auto head = store::head(reader, person.id))
        doorbells.push_back({.user = person.id,
                             .previous = head,
                             .id = *head,
                             .targets = {},
                             .origin = {},
                             .event = {}});
  });
  site.database.at_once()(std::move(look)).value();
  for (auto& node : site.nodes) {
    if (!node) continue;
    scheduler.post_at(node->process(), scheduler.now() + mix.bells_max,
                      Task{[doorbells, &registry = node->registry()] {
                        for (const auto& doorbell : doorbells) registry.ring(doorbell);
                      }});
  }
}

}  // namespace twostep::properties
