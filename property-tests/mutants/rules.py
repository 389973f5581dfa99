"""Places where a line of C++ can be made wrong mechanically.

`mutants(text)` lists them: each changes one place, as somebody in a hurry might have written it. Comments,
assertions, texts, includes and declarations are left alone.
"""
import dataclasses
import re


@dataclasses.dataclass(frozen=True)
class Mutant:
    line: int  # The first that it changes.
    rule: str
    before: str  # What it changes, on one line to read.
    after: str
    text: str  # The whole file, with the fault.


# What is looked for, and what stands there instead.
WORDS = [
    ("condition", r"(?<=\S) == (?=\S)", " != "),
    ("condition", r"(?<=\S) != (?=\S)", " == "),
    ("condition", r"(?<=\S) && (?=\S)", " || "),
    ("condition", r"(?<=\S) \|\| (?=\S)", " && "),
    ("condition", r"(?<![\w)\]])!(?=[\w(])", ""),
    ("condition", r"\btrue\b", "false"),
    ("condition", r"\bfalse\b", "true"),
    ("condition", r"(?<=return )(?=[\w.>:()-]+\.(?:contains|empty|has_value)\()", "!"),
    ("off by one", r"(?<=[\w)\]]) < (?=[\w(*-])", " <= "),
    ("off by one", r"(?<=[\w)\]]) > (?=[\w(*-])", " >= "),
    ("off by one", r" <= ", " < "),
    ("off by one", r" >= ", " > "),
    ("off by one", r" [+-] 1\b(?!')", ""),
    ("off by one", r"\b(?:\w+::)*limits::\w+", r"(\g<0> + 1)"),
    ("off by one", r"(?<![\w.'])\d+(?![\w.'])", lambda found: str(int(found.group()) + 1)),
    ("arithmetic", r"(?<=[\w)\]]) \+ (?=[\w(])", " - "),
    ("arithmetic", r"(?<=[\w)\]]) - (?=[\w(])", " + "),
    ("arithmetic", r"\bstd::max\b", "std::min"),
    ("arithmetic", r"\bstd::min\b", "std::max"),
    ("order", r"\blower_bound\b", "upper_bound"),
    ("order", r"\bupper_bound\b", "lower_bound"),
    ("order", r"\bmonotonic\b", "wall_clock"),
    ("wrong set", r"\.missing\b", ".redundant"),
    ("wrong set", r"\.redundant\b", ".deleted"),
    ("wrong set", r"\.deleted\b", ".missing"),
    ("wrong set", r"\bset_difference\b", "set_intersection"),
    ("wrong set", r"\.insert\((?=[\w.]+\))", ".erase("),
    ("wrong set", r"\.erase\((?=[\w.]+\))", ".insert("),
    ("wrong set", r"\.front\(\)", ".back()"),
    ("wrong set", r"\.back\(\)", ".front()"),
]
LEFT_ALONE = re.compile(r"^\s*(#|template\b|using\b|namespace\b|static_assert\b|friend\b|case\b)")
CALL = re.compile(r"[\w>]\((?=[^()])|\breturn \{")
ARGUMENT = re.compile(r"^\*?[\w:.>\[\]-]+(\([\w.*]*\))?$")
# Never of the type of its neighbour.
CONTEXT = {"backend", "backend_", "transaction", "reader", "events", "caller", "nullptr", "true", "false"}
SIMPLE = re.compile(r"^(co_await |\*|\+\+|--)?[\w:.>\-]+(\[[^\]]*\])?(\(| [+\-|&^]?= |\+\+|--|\.|->)")
NOT_SIMPLE = re.compile(r"^(return|co_return|throw|if|for|while|switch|else|do|case|default|using|const|auto|"
                        r"static|constexpr|break|continue|struct|class|enum|namespace|template)\b")
LEAVING = re.compile(r"^(co_)?return\b|^(continue|break|throw)\b")


def masked(text):
    """The text with everything blank that a mutant would only change for people; every place stays."""
    blank = lambda found: re.sub(r"[^\n]", " ", found.group())
    quoted = lambda found: found.group()[0] + "_" * (len(found.group()) - 2) + found.group()[-1]
    token = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|(?<![\w])\'(?:\\.|[^\'\\\n])+\'', re.S)
    code = token.sub(lambda found: (blank if found.group()[0] == "/" else quoted)(found), text)
    for found in list(re.finditer(r"\bassert\(", code)):
        end = closing(code, found.end() - 1)
        code = code[: found.start()] + re.sub(r"[^\n]", " ", code[found.start(): end + 1]) + code[end + 1:]
    return code


def closing(code, opening):
    """Where the bracket that opens there is closed."""
    depth = 0
    for at in range(opening, len(code)):
        depth += (code[at] in "([{") - (code[at] in ")]}")
        if depth == 0:
            return at
    return len(code) - 1


def by_words(code):
    for rule, pattern, instead in WORDS:
        for found in re.finditer(pattern, code):
            start = code.rfind("\n", 0, found.start()) + 1
            if not LEFT_ALONE.match(code[start: code.find("\n", start)]):
                yield rule, found.start(), found.end(), found.expand(instead) if isinstance(
                    instead, str) else instead(found)


def by_conditions(text, code):
    """Every `if` and `while` the other way round."""
    for found in re.finditer(r"\b(?:if|while) \(", code):
        start, end = found.end(), closing(code, found.end() - 1)
        start += code[start:end].rfind(";") + 1
        if not re.match(r"\s*(const |auto |![^&|]*$)", code[start:end]):
            space = " " if code[start] == " " else ""
            yield "condition", start, end, f"{space}!({text[start:end].strip()})"


def by_arguments(text, code):
    """Two neighbouring arguments of a call, the other way round."""
    for found in CALL.finditer(code):
        end = closing(code, found.end() - 1)
        places, depth, start = [], 0, found.end()
        for at in range(found.end(), end + 1):
            depth += (code[at] in "([{<") - (code[at] in ")]}" or code[at] == ">" != code[at - 1: at])
            if (code[at] == "," and depth == 0) or at == end:
                places.append((start, at))
                start = at + 1
        for one, other in zip(places, places[1:]):
            names = [code[slice(*place)].strip() for place in (one, other)]
            if names[0] != names[1] and CONTEXT.isdisjoint(names) and all(map(ARGUMENT.match, names)):
                space = re.match(r"\s*", code[one[0]:]).group()
                yield "swapped", one[0], other[1], f"{space}{names[1]}, {names[0]}"


def statements(code):
    """Start and end of every statement that is neither a declaration nor holds a block."""
    for found in re.finditer(r"(?<=[;{})])\s*\n( +)(?=\S)|(?<=else)\n( +)(?=\S)|\) (?=(?:co_)?return|continue|break)",
                             code):
        start = at = found.end()
        while at < len(code) and code[at] not in ";}":
            at = closing(code, at) + 1 if code[at] in "([{" else at + 1
        if at < len(code) and code[at] == ";" and code.count("\n", start, at) < 10:
            yield start, at + 1


def guards(code):
    """Every `if (…) return …;` that has no `else`."""
    for found in re.finditer(r"(?<=[;{})])\s*\n +(?=if \()", code):
        start, after = found.end(), closing(code, found.end() + 3) + 1
        body = re.match(r"\s*", code[after:]).end() + after
        if not LEAVING.match(code[body:]):
            continue
        end = code.find(";", body) + 1
        inside = code[body:end]
        if inside.count("{") == inside.count("}") and not re.match(r"\s*else\b", code[end:]):
            yield start, end


def by_statements(text, code):
    """A statement or a check is gone, or comes after its neighbour."""
    simple = [place for place in statements(code)
              if SIMPLE.match(code[slice(*place)]) and not NOT_SIMPLE.match(code[slice(*place)])]
    checks = list(guards(code))
    for start, end in simple:
        yield ("missing await" if "co_await" in code[start:end] else "lost statement"), start, end, "{}"
    for start, end in checks:
        yield "lost check", start, end, "{}"
    for places in (simple, checks):
        for one, other in zip(places, places[1:]):
            alike = indent(code, one[0]) == indent(code, other[0])
            if alike and code[one[1]: other[0]].strip() == "" and called(code, one) != called(code, other):
                yield "order", one[0], other[1], "".join(
                    [text[slice(*other)], text[one[1]: other[0]], text[slice(*one)]])


def indent(code, at):
    return at - code.rfind("\n", 0, at)


def called(code, place):
    """What a statement begins with: two calls of one function may mostly come in any order."""
    beginning = re.match(r"[^\s(]+", code[slice(*place)]).group()
    return beginning if beginning != "if" else place


def mutants(text):
    """Every mutant of a file, by place; no two of them are the same text."""
    code = masked(text)
    seen = {text}
    found = []
    for rule, start, end, instead in (*by_words(code), *by_conditions(text, code), *by_arguments(text, code),
                                      *by_statements(text, code)):
        changed = text[:start] + instead + text[end:]
        if changed in seen:
            continue
        seen.add(changed)
        line = text.count("\n", 0, start) + 1
        first, last = text.rfind("\n", 0, start) + 1, text.find("\n", end)
        found.append(Mutant(line, rule, " ".join(text[first:last].split()),
                            " ".join((text[first:start] + instead + text[end:last]).split()), changed))
    return sorted(found, key=lambda mutant: (mutant.line, mutant.rule, mutant.after))
