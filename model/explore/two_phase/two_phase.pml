/* Two-phase commit, the same transitions as two_phase.hpp: for SPIN, to be counted and timed beside it.
 *
 * One process that does everything, and masks instead of arrays: of several ways to write it this is
 * the one that SPIN explores fastest. N is the number of participants, given with -DN=…
 */
#define BIT(i) (1 << (i))
#define ALL (BIT(N) - 1)

/* What participant i is: in none of the three, it is working. */
short prepared, committed, aborted;
/* Who has said that they are prepared, and of whom the coordinator has heard it. */
short said, heard;
/* What the coordinator has sent; until then it is open. */
bit sent_commit, sent_abort;

#define OPEN (!sent_commit && !sent_abort)
#define WORKING(i) (!((prepared | committed | aborted) & BIT(i)))

#define PARTICIPANT(i)                                                                                    \
  :: d_step { OPEN && (said & BIT(i)) -> heard = heard | BIT(i) }                                         \
  :: d_step { WORKING(i) -> prepared = prepared | BIT(i); said = said | BIT(i) }                          \
  :: d_step { WORKING(i) -> aborted = aborted | BIT(i) }                                                  \
  :: d_step { sent_commit -> prepared = prepared & ~BIT(i); aborted = aborted & ~BIT(i);                  \
              committed = committed | BIT(i) }                                                            \
  :: d_step { sent_abort -> prepared = prepared & ~BIT(i); committed = committed & ~BIT(i);               \
              aborted = aborted | BIT(i) }

active proctype everybody() {
  do
  :: d_step { OPEN && heard == ALL -> sent_commit = 1 }
  :: d_step { OPEN -> sent_abort = 1 }
  PARTICIPANT(0)
  PARTICIPANT(1)
  PARTICIPANT(2)
#if N > 3
  PARTICIPANT(3)
  PARTICIPANT(4)
#endif
#if N > 5
  PARTICIPANT(5)
  PARTICIPANT(6)
  PARTICIPANT(7)
#endif
#if N > 8
  PARTICIPANT(8)
#endif
#if N > 9
  PARTICIPANT(9)
#endif
  od
}
