#pragma once

#include <string_view>

namespace twostep::conformance {

/// The style of the report page. It is inside the page, so that the page needs nothing else.
inline constexpr std::string_view page_style = R"css(
:root { --ink: #1c2430; --quiet: #667085; --line: #d9dee6; --paper: #fff; --panel: #f6f7f9;
  --pass: #1f8a4c; --fail: #c4302b; --amber: #b26a00; --blue: #2f6fb3; --grey: #98a2b3; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --quiet: #9aa4b2; --line: #343b46;
  --paper: #14181e; --panel: #1c222a; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 72rem; margin: 2rem auto; padding: 0 1.5rem; }
h1 { font-size: 1.6rem; margin: 0 0 .3rem } h2 { margin-top: 2.4rem; font-size: 1.2rem }
code, pre { font: 13px/1.45 ui-monospace, monospace }
pre { background: var(--panel); padding: .7rem .9rem; overflow-x: auto; border-radius: 6px;
  white-space: pre-wrap; overflow-wrap: anywhere }
.quiet { color: var(--quiet) }
.matrix { display: grid; grid-template-columns: minmax(14rem, max-content) 1fr; gap: .35rem 1rem;
  align-items: center }
.cells { display: flex; flex-wrap: wrap; gap: 4px }
.cell { width: 2.1rem; text-align: center; border-radius: 4px; color: #fff; text-decoration: none;
  font: 12px/1.7 ui-monospace, monospace }
.badge { display: inline-block; border-radius: 4px; padding: 0 .5rem; color: #fff; font-size: 13px;
  white-space: nowrap }
.pass { background: var(--pass) } .fail, .stale { background: var(--fail) }
.non-strict, .unknown { background: var(--amber) }
.informational, .known-failure { background: var(--blue) } .not-covered { background: var(--grey) }
article { border: 1px solid var(--line); border-left: 4px solid var(--fail); border-radius: 6px;
  padding: 1rem 1.2rem; margin: 1rem 0 }
article h3 { margin: 0 0 .4rem; font-size: 1rem }
blockquote { margin: .4rem 0 .8rem; padding-left: .8rem; border-left: 3px solid var(--line) }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: .5rem 0 }
dt { color: var(--quiet) } dd { margin: 0; overflow-wrap: anywhere } dd pre { margin: .1rem 0 }
table { border-collapse: collapse; width: 100% }
td { border-top: 1px solid var(--line); padding: .4rem .6rem .4rem 0; vertical-align: top }
td:first-child { white-space: nowrap }
.sequence { max-width: 100%; height: auto; display: block; margin: .6rem 0 }
.sequence text { font: 11px ui-monospace, monospace; text-anchor: middle; fill: var(--ink) }
.sequence .who { font: bold 13px system-ui, sans-serif }
.sequence .note { fill: var(--quiet); font-style: italic }
.sequence line { stroke: var(--ink) } .sequence path { fill: var(--ink) }
.sequence .lane { stroke: var(--line); stroke-dasharray: 3 3 }
.sequence .bad line { stroke: var(--fail) } .sequence .bad path, .sequence .bad text { fill: var(--fail) }
)css";

}  // namespace twostep::conformance
