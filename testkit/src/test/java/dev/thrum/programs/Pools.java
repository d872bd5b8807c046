package dev.thrum.programs;

import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.gather;
import static dev.thrum.programs.Program.check;
import static dev.thrum.programs.Program.passesInFifo;
import static dev.thrum.programs.Program.steps;

import java.io.IOException;
import java.util.List;

/// There are so many of something; more are given out, or some never come back.
final class Pools {
  static final List<Program> ALL =
      List.of(
          passesInFifo("pool_limit_toctou", "resource", Pools::limit),
          passesInFifo("permit_lost_in_failure", "resource", Pools::permitLostInFailure));

  private Pools() {}

  /// A slot is given back and one who waits is woken; a newcomer takes the slot first, and the
  /// woken one does not look again.
  private static void limit(boolean mended) {
    var waiting = new Sleepers();
    var pool =
        new Object() {
          int inUse;

          void use() {
            if (inUse == 1) {
              waiting.sleep();
            }
            while (mended && inUse == 1) {
              waiting.sleep();
            }
            inUse++;
            check(inUse == 1, "one at a time is in use");
            checkpoint();
            inUse--;
            waiting.wakeOne();
          }
        };
    gather(
        () -> pool.use(),
        () -> pool.use(),
        () -> {
          steps(3);
          pool.use();
        });
  }

  /// A request that fails between taking a permit and the `try` that gives it back keeps it.
  private static void permitLostInFailure(boolean mended) {
    var permits = new BargingSemaphore(1);
    var server =
        new Object() {
          boolean down;

          void serve() throws IOException {
            if (down) {
              throw new IOException("the server is down");
            }
            checkpoint();
          }

          void request() throws IOException {
            permits.acquire();
            if (mended) {
              try {
                serve();
              } finally {
                permits.release();
              }
            } else {
              serve();
              permits.release();
            }
          }

          void tryRequest() {
            try {
              request();
            } catch (IOException _) {
              // this one has failed; others may do better
            }
          }
        };
    gather(
        () -> {
          server.down = true;
          checkpoint();
          server.down = false;
        },
        () -> server.tryRequest(),
        () -> server.tryRequest());
  }
}
