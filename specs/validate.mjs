// What specs/validate runs: prints what is wrong and fails, or says how much there is.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import openapi from '@redocly/openapi-core';
import { Parser, fromFile } from '@asyncapi/parser';

const folder = process.argv[2];
const complaints = [];
const text = (name) => readFileSync(join(folder, name), 'utf8');
const found = (in_text, pattern) => [...in_text.matchAll(pattern)].map((match) => match[1]);

// The HTTP interface. `/await` has no 2xx: it changes the protocol.
const config = await openapi.createConfig({
  extends: ['recommended'],
  rules: { 'operation-2xx-response': 'off' },
});
const ref = join(folder, 'openapi.yaml');
for (const { severity, message, location } of await openapi.lint({ ref, config })) {
  complaints.push(`openapi: ${severity}: ${location[0]?.pointer}: ${message}`);
}

// The websocket. 3.0 is what we write, however new the validator.
const { diagnostics } = await fromFile(new Parser(), join(folder, 'asyncapi.yaml')).parse();
for (const { code, path, message } of diagnostics) {
  if (code !== 'asyncapi-latest-version') complaints.push(`asyncapi: ${path.join('.')}: ${message}`);
}

// Every endpoint of the table is described, and none but these.
const without_names = (endpoint) => endpoint.replace(/\?.*/, '').replace(/\{[^}]*\}/g, '{}');
const listed = text('07-wire.md')
  .split('\n')
  .filter((line) => /^\| `(GET|POST|PUT|DELETE) /.test(line))
  .flatMap((line) => found(line.split('|')[1], /`([^`]+)`/g))
  .map(without_names);
const { bundle } = await openapi.bundle({ ref, config, dereference: true });
const described = Object.entries(bundle.parsed.paths).flatMap(([path, item]) =>
  Object.keys(item)
    .filter((key) => ['get', 'post', 'put', 'delete'].includes(key))
    .map((method) => without_names(`${method.toUpperCase()} ${path}`)));
const only_in = (these, those) => these.filter((one) => !those.includes(one));
only_in(listed, described).forEach((one) => complaints.push(`openapi does not describe ${one}`));
only_in(described, listed).forEach((one) => complaints.push(`07-wire.md does not list ${one}`));

// Clauses have their form, cite what is in 00-source.md, and are cited by names that exist.
const chapters = readdirSync(folder).filter((name) => /^0[1-9]-.*\.md$/.test(name));
const form = /^- \*\*([A-Z]{3}-\d{2})\*\* (MUST|SHOULD|MAY) \(([^)]+)\)\.\s[^]+?\n  \*Seen by:\* /;
const source = text('00-source.md');
const sources = new Set([
  ...found(source, /\*\*([SPL]\d+)\b/g),
  ...found(source, /\*\*API (§\d+)/g),
  ...found(source, /\*(§\d+\.\d+)\*/g),
]);
const clauses = [];
for (const chapter of chapters) {
  for (const item of text(chapter).split(/\n\n+/).filter((part) => part.startsWith('- **'))) {
    const [, name, , cited] = item.match(form) ?? [];
    if (!name) {
      complaints.push(`${chapter}: not the form of a clause: ${item.slice(0, 40)}`);
      continue;
    }
    if (clauses.includes(name)) complaints.push(`${chapter}: ${name} twice`);
    clauses.push(name);
    const ours = cited.replace(/RFC[^;]*/g, '');
    for (const one of found(ours, /(\b[SPL]\d+|§\d+(?:\.\d+)?)/g)) {
      if (!sources.has(one)) complaints.push(`${name}: no source ${one}`);
    }
  }
}
const everything = [...readdirSync(folder, { recursive: true })]
  .map(String)
  .filter((name) => /\.(md|yaml)$/.test(name));
const prefixes = [...new Set(clauses.map((name) => name.slice(0, 3)))].join('|');
for (const name of everything) {
  for (const one of found(text(name), new RegExp(`\\b((?:${prefixes})-\\d\\d)\\b`, 'g'))) {
    if (!clauses.includes(one)) complaints.push(`${name}: no clause ${one}`);
  }
}

complaints.forEach((line) => console.error(`specs: ${line}`));
if (complaints.length === 0) {
  console.log(`specs: ${clauses.length} clauses, ${described.length} endpoints, all consistent`);
}
process.exitCode = complaints.length === 0 ? 0 : 1;
