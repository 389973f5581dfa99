#include <gtest/gtest.h>

#include "model/render/lanes.hpp"
#include "model/render/mermaid.hpp"
#include "model/render/page.hpp"
#include "model/render/pictures.hpp"
#include "model/worlds/named.hpp"
#include "model/worlds/recorded.hpp"

namespace twostep::model {
namespace {

using Kind = Line::Kind;

const Trace trace{
    {Kind::call, "charlie", "C", "send"}, {Kind::call, "C", "A", "charlie sends"},
    {Kind::note, "A1", "", "stores"},     {Kind::lost, "A", "B", "store"},
    {Kind::frame, "A", "alice", "frame"}, {Kind::reply, "A", "C", "201 & more"},
};

TEST(Lanes, ClientsStandBesideTheirBackend) {
  EXPECT_EQ(lanes_of(trace), (std::vector<std::string>{"alice", "A", "B", "C", "charlie"}));
}

TEST(Mermaid, DrawsEveryKindOfLine) {
  EXPECT_EQ(mermaid(trace),
            "sequenceDiagram\n"
            "  participant alice\n"
            "  participant A\n"
            "  participant B\n"
            "  participant C\n"
            "  participant charlie\n"
            "  charlie->>C: send\n"
            "  C->>A: charlie sends\n"
            "  Note over A: stores\n"
            "  A-xB: store\n"
            "  A--)alice: frame\n"
            "  A-->>C: 201 & more\n");
}

TEST(Page, StandsAloneAndEscapes) {
  const auto html = page("a < b", trace);
  EXPECT_NE(html.find("<h1>a &lt; b</h1>"), html.npos);
  EXPECT_NE(html.find("201 &amp; more"), html.npos);
  EXPECT_NE(html.find("<svg"), html.npos);
  EXPECT_EQ(html.find("src="), html.npos);
}

TEST(Pictures, ReplaceTheBlockBehindTheComment) {
  const auto read = [](const std::string& path) -> std::optional<std::string> {
    if (path != "x.txt") return std::nullopt;
    return "A: alice, ann\nmembers: alice, ann\nann catches up\n";
  };
  const auto drawn =
      illustrate("before\n<!-- picture: x.txt -->\n```mermaid\nold\n```\nafter\n", read);
  EXPECT_TRUE(drawn.errors.empty());
  EXPECT_EQ(drawn.text,
            "before\n<!-- picture: x.txt -->\n```mermaid\n"
            "sequenceDiagram\n  participant ann\n  participant A\n"
            "  ann->>A: what is there?\n  A-->>ann: nothing\n```\nafter\n");
  EXPECT_EQ(illustrate(drawn.text, read).text, drawn.text);
  EXPECT_EQ(illustrate("<!-- picture: y.txt -->\n```mermaid\n```\n", read).errors.size(), 1u);
}

TEST(Recorded, IsReadBackAndReplayed) {
  using What = WorldAction::What;
  const Recorded recorded{"one-backend", "", 0, {{What::send, 0, 0, 0}, {What::run, 0, 0, 0}}};
  const auto back = recorded_from(json(recorded));

  ASSERT_TRUE(back);
  EXPECT_EQ(*back, recorded);
  const auto seen = replay(*back);
  ASSERT_TRUE(seen);
  ASSERT_EQ(seen->size(), 2u);
  EXPECT_EQ(text(seen->front()), "alice -> A: send m1 to alice, alice/2, ann, amy");
}

TEST(Recorded, IsMadeOfTheStatesOfAHistory) {
  using What = WorldAction::What;
  const World world{*setup_named("one-backend")};
  const std::vector<WorldAction> actions{
      {What::send, 0, 0, 0}, {What::run, 0, 0, 0}, {What::crash, 0, 0, 0}};
  const auto first = world.initial_states().front();
  std::vector<WorldState> afters;
  for (const auto& action : actions) {
    afters.push_back(world.apply(afters.empty() ? first : afters.back(), action));
  }
  const auto recorded = record(world, first, afters);

  ASSERT_TRUE(recorded);
  EXPECT_EQ(recorded->actions, actions);
  EXPECT_FALSE(record(world, first, {afters.back()}));
}

TEST(Recorded, WhatIsNotPossibleIsNotReplayed) {
  using What = WorldAction::What;
  EXPECT_FALSE(replay({"one-backend", "", 0, {{What::run, 0, 0, 0}}}));
  EXPECT_FALSE(replay({"no such world", "", 0, {}}));
  EXPECT_FALSE(recorded_from("{}"));
}

}  // namespace
}  // namespace twostep::model
