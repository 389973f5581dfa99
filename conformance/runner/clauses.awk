# Turns the clauses of specs/*.md into a C++ table, so that the program and the text cannot differ.
#
# A clause is a list item "- **SND-02** MUST (S2; API §6.6). Text" and the lines indented under it, of
# which one begins with *Seen by:*. The heading of the file names the chapter, "##" the section.

function flush_clause() {
  if (id == "") return
  source = text
  sub(/^\(/, "", source)
  sub(/\)\. .*/, "", source)
  sub(/^\([^)]*\)\. /, "", text)
  seen = ""
  at = index(text, "*Seen by:*")
  if (at > 0) {
    seen = substr(text, at + 11)
    text = substr(text, 1, at - 2)
  }
  printf "    {%s, Level::%s, %s, %s, %s, %s, %s},\n", quoted(id), tolower(level), quoted(chapter),
         quoted(section), quoted(source), quoted(text), quoted(seen)
  id = ""
}

function quoted(value) { return "R\"~(" value ")~\"" }

BEGIN {
  print "#include \"conformance/runner/clause.hpp\"\n"
  print "namespace twostep::conformance {\nnamespace {\n"
  print "constexpr Clause table[] = {"
}

FNR == 1 { flush_clause(); chapter = ""; section = "" }
/^# / { chapter = $0; sub(/^# ([0-9]+\. )?/, "", chapter) }
/^## / { flush_clause(); section = substr($0, 4) }

/^- \*\*[A-Z][A-Z][A-Z]-[0-9][0-9]\*\* (MUST|SHOULD|MAY) \(/ {
  flush_clause()
  id = substr($2, 3, 6)
  level = $3
  text = $0
  sub(/^- \*\*[A-Z]+-[0-9]+\*\* [A-Z]+ /, "", text)
  next
}

id != "" && /^  [^ ]/ { text = text " " substr($0, 3); next }
id != "" { flush_clause() }

END {
  flush_clause()
  print "};\n\n}  // namespace\n"
  print "std::span<const Clause> clauses() { return table; }\n"
  print "}  // namespace twostep::conformance"
}
