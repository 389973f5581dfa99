# Sourced by what runs SPIN beside twostep-explore.

spin_compile() { # PROMELA FILE, DEFINITIONS…; leaves ./pan
  command -v spin >/dev/null || { echo "no spin (./run setup spin)" >&2; return 3; }
  spin "${@:2}" -a "$1"
  # Full states, no reduction: a hash of 32 bits (-DHC4) loses a tenth of two-phase-8.
  gcc -O3 -DNOREDUCE -DSAFETY -w -o pan pan.c
}

spin_count() { # reads what ./pan says: states and transitions, the one into the initial state left out
  awk '/states, stored/ {states = $1} /transitions \(/ {transitions = $1 - 1}
       /errors: [1-9]/ {print "errors"}
       END {print states " states, " transitions " transitions"}'
}

our_count() { # reads twostep-explore's JSON
  sed -nE 's/.*"states": ([0-9]+), "transitions": ([0-9]+),.*/\1 states, \2 transitions/p'
}
