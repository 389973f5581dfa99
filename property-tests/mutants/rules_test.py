#!/usr/bin/env python3
"""Each rule on a line or two: what it makes of them, and what it leaves alone."""
import unittest

from rules import mutants


def changes(code, rule):
    """What a rule makes of the body of a function."""
    return [mutant.after for mutant in mutants("void f() {\n" + code + "\n}\n") if mutant.rule == rule]


class Rules(unittest.TestCase):
    def test_conditions_are_turned_round(self):
        self.assertIn("if (!(a && b)) c();", changes("  if (a && b) c();", "condition"))
        self.assertIn("if (a || b) c();", changes("  if (a && b) c();", "condition"))
        self.assertEqual(["if (found) c();"], changes("  if (!found) c();", "condition"))
        self.assertIn("return a != b;", changes("  return a == b;", "condition"))
        self.assertEqual(["return !users.contains(user);"], changes("  return users.contains(user);", "condition"))
        self.assertEqual(["bool known = true;"], changes("  bool known = false;", "condition"))

    def test_only_the_condition_of_a_declaring_if_is_turned_round(self):
        self.assertEqual(["if (auto found = find(a); !(found != end)) c();",
                          "if (auto found = find(a); found == end) c();"],
                         changes("  if (auto found = find(a); found != end) c();", "condition"))
        self.assertEqual([], changes("  if (const auto found = find(a)) c();", "condition"))

    def test_bounds_are_off_by_one(self):
        self.assertEqual(["return size <= 8;", "return size < 9;"], sorted(
            changes("  return size < 8;", "off by one"), key=len, reverse=True))
        self.assertIn("return size;", changes("  return size - 1;", "off by one"))
        self.assertEqual(["return (core::limits::members_max + 1);"],
                         changes("  return core::limits::members_max;", "off by one"))
        self.assertEqual([], changes("  const std::vector<int> sizes = of_8(x8);", "off by one"))

    def test_statements_awaits_and_checks_are_lost(self):
        self.assertEqual(["{}"], changes("  users.push_back(user);", "lost statement"))
        self.assertEqual(["{}"], changes("  co_await ask_all(backend, questions);", "missing await"))
        self.assertEqual(["{}"], changes("  if (!found)\n    return Refusal{Reason::not_found};", "lost check"))
        self.assertEqual([], changes("  const auto user = find(id);\n  return user;", "lost statement"))
        self.assertEqual([], changes("  if (a) return b;\n  else return c;", "lost check"))

    def test_neighbours_are_swapped(self):
        self.assertEqual(["put(b); erase(a);"], changes("  erase(a);\n  put(b);", "order"))
        self.assertEqual(["if (b) return 2; if (a) return 1;"],
                         changes("  if (a) return 1;\n  if (b) return 2;", "order"))
        self.assertEqual([], changes("  a();\n  const auto x = b();\n  c();", "order"))

    def test_arguments_are_swapped(self):
        self.assertEqual(["connect(to, from);"], changes("  connect(from, to);", "swapped"))
        self.assertEqual(["visit(backend, other, user.id);"], changes("  visit(backend, user.id, other);", "swapped"))
        self.assertEqual([], changes("  connect(user, user);", "swapped"))

    def test_sets_are_wrong(self):
        self.assertEqual(["return all.redundant;"], changes("  return all.missing;", "wrong set"))
        self.assertEqual(["all.erase(user);"], changes("  all.insert(user);", "wrong set"))
        self.assertEqual(["return all.back();"], changes("  return all.front();", "wrong set"))

    def test_what_is_written_for_people_is_left_alone(self):
        for code in ('  // a == b', '  assert(a == b && c < 8);', '  say("a == b, 8");', "#if a == b"):
            found = [mutant for mutant in mutants("void f() {\n" + code + "\n}\n") if mutant.rule != "lost statement"]
            self.assertEqual([], found)

    def test_a_fault_changes_one_place_and_keeps_texts(self):
        text = 'void f() {\n  say("1 == 2");  // One.\n  tell("== 3");\n}\n'
        (swapped,) = [mutant for mutant in mutants(text) if mutant.rule == "order"]
        self.assertEqual('void f() {\n  tell("== 3");  // One.\n  say("1 == 2");\n}\n', swapped.text)


if __name__ == "__main__":
    unittest.main()
