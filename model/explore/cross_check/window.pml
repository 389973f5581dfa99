/* M1 in phases: the same transition system as window.hpp, written by hand, and counted by SPIN.
 *
 * MESSAGES and FAULTS are given with -D. Backends: 0 is B, 1 is C, 2 is A, the owner.
 */
#define IDLE 0
#define ASKING 1
#define TELLING 2
#define ACCEPTED 3
#define REFUSED 4

#define NONE 0
#define CALLED 1
#define REPLYING 2
#define DONE 3
#define FAILED 4

byte phase[MESSAGES];
/* Calls to B and to C, of each message: while asking for clients, afterwards to store. */
byte call_b[MESSAGES], call_c[MESSAGES];
/* By backend, a bit for each message: who has stored it, and whose client has caught up on it. */
byte stored[3], seen[3];
bit down[2];
byte faults;

#define BUSY(m) (phase[m] == ASKING || phase[m] == TELLING)
#define OVER(call) (call == DONE || call == FAILED)

/* No answer while asking: nobody gets it, and no other answer is listened to any more. */
inline fail(m, call) {
  if
  :: phase[m] == ASKING -> phase[m] = REFUSED; call_b[m] = NONE; call_c[m] = NONE
  :: else -> call = FAILED
  fi
}

#define CALL(m, p, call)                                                                                 \
  :: d_step { BUSY(m) && call == CALLED && down[p] -> fail(m, call) }                                    \
  :: d_step { BUSY(m) && call == CALLED && !down[p] ->                                                   \
              if :: phase[m] == TELLING -> stored[p] = stored[p] | (1 << m) :: else fi;                  \
              call = REPLYING }                                                                          \
  :: d_step { BUSY(m) && call == REPLYING -> call = DONE }                                               \
  :: d_step { BUSY(m) && call == REPLYING && faults < FAULTS -> faults++; fail(m, call) }

#define MESSAGE(m)                                                                                       \
  :: d_step { phase[m] == IDLE -> phase[m] = ASKING; call_b[m] = CALLED; call_c[m] = CALLED }            \
  CALL(m, 0, call_b[m])                                                                                  \
  CALL(m, 1, call_c[m])                                                                                  \
  :: d_step { phase[m] == ASKING && OVER(call_b[m]) && OVER(call_c[m]) ->                                \
              phase[m] = TELLING; call_b[m] = CALLED; call_c[m] = CALLED; stored[2] = stored[2] | (1 << m) } \
  :: d_step { phase[m] == TELLING && OVER(call_b[m]) && OVER(call_c[m]) -> phase[m] = ACCEPTED }

#define PEER(p)                                                                                          \
  :: d_step { !down[p] && faults < FAULTS -> down[p] = 1; faults++ }                                     \
  :: d_step { down[p] -> down[p] = 0 }

#define CLIENT(b) :: d_step { seen[b] != stored[b] -> seen[b] = stored[b] }

active proctype world() {
end:
  do
  MESSAGE(0)
#if MESSAGES > 1
  MESSAGE(1)
#endif
#if MESSAGES > 2
  MESSAGE(2)
#endif
  PEER(0)
  PEER(1)
  CLIENT(0)
  CLIENT(1)
  CLIENT(2)
  od
}
