package dev.thrum.programs;

import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.gather;
import static dev.thrum.Async.scope;
import static dev.thrum.programs.Program.check;
import static dev.thrum.programs.Program.failsInFifo;
import static dev.thrum.programs.Program.passesInFifo;
import static dev.thrum.programs.Program.steps;

import java.util.List;

/// Something is wrong for a short time only, and somebody must come just then.
final class Windows {
  static final List<Program> ALL =
      List.of(
          passesInFifo("reorder_3_sp", "order", mended -> reorder(2, mended)),
          passesInFifo("reorder_5_sp", "order", mended -> reorder(4, mended)),
          passesInFifo("reorder_10_sp", "order", mended -> reorder(9, mended)),
          passesInFifo("rare_narrow_window", "atomicity", Windows::rareNarrowWindow),
          failsInFifo("ladder_3", "order", Windows::ladder));

  private Windows() {}

  /// Many set two values one after the other, and one looks whether they fit.
  private static void reorder(int setters, boolean mended) {
    Guard guard = Guard.lockIf(mended);
    var pair =
        new Object() {
          int a;
          int b;
        };
    scope(s -> {
      for (int i = 0; i < setters; i++) {
        s.async(() ->
            guard.around(() -> {
              pair.a = 1;
              checkpoint();
              pair.b = -1;
            }));
        checkpoint();
      }
      s.async(() -> guard.around(() -> check(pair.a == -pair.b, "both are set or neither")));
      checkpoint();
    });
  }

  /// One step out of twenty leaves something wrong, and one look out of twenty may see it.
  private static void rareNarrowWindow(boolean mended) {
    Guard guard = Guard.lockIf(mended);
    var shared =
        new Object() {
          boolean open;
        };
    gather(
        () -> {
          steps(9);
          guard.around(() -> {
            shared.open = true;
            checkpoint();
            shared.open = false;
          });
          steps(10);
        },
        () -> {
          steps(19);
          guard.around(() -> check(!shared.open, "it is never seen open"));
        });
  }

  /// Two climb one ladder by turns, and only if they take strict turns do they reach the top.
  private static void ladder(boolean mended) {
    int top = mended ? 5 : 6;
    var ladder =
        new Object() {
          int rung;

          void climb(int foot) {
            for (int from = foot; from < foot + 6; from += 2) {
              if (rung == from && rung < top) {
                rung++;
              }
              checkpoint();
            }
          }
        };
    gather(
        () -> ladder.climb(0),
        () -> {
          ladder.climb(1);
        });
    check(ladder.rung < 6, "nobody reaches the top");
  }
}
