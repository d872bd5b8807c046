package dev.thrum.programs;

import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.scope;
import static dev.thrum.programs.Program.passesInFifo;

import dev.thrum.CancelledException;
import dev.thrum.sync.Event;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// Mistakes that locks of asyncio made, in small models of them.
final class RealBugsInAsyncio {
  static final List<Program> ALL =
      List.of(
          passesInFifo("asyncio_lock_27585", "cancellation", RealBugsInAsyncio::lock),
          passesInFifo("asyncio_semaphore_45997", "cancellation", RealBugsInAsyncio::semaphore));

  private RealBugsInAsyncio() {}

  /// A wake-up as asyncio's futures give it: a cancellation that comes before the woken one runs
  /// wins over it. In Thrum the wake-up wins, and the next wait throws.
  static final class WakeUp {
    private final Event event = Event.create();

    void set() {
      event.set();
    }

    boolean isSet() {
      return event.isSet();
    }

    void await() {
      event.await();
      event.await();
    }
  }

  /// asyncio, bpo-27585, "Cancelled lock waiter wakes up the next one": a waiter that is cancelled
  /// after it was woken leaves the lock free and the others asleep. (The mending of it was mended
  /// by bpo-32734: to be woken only if the lock is free.)
  private static void lock(boolean mended) {
    var lock =
        new Object() {
          final Deque<WakeUp> waiters = new ArrayDeque<>();
          boolean locked;

          void acquire() {
            if (locked || !waiters.isEmpty()) {
              var wakeUp = new WakeUp();
              waiters.add(wakeUp);
              try {
                wakeUp.await();
              } catch (CancelledException cancelled) {
                waiters.remove(wakeUp);
                if (mended && !locked) {
                  wakeFirst();
                }
                throw cancelled;
              }
              waiters.remove(wakeUp);
            }
            locked = true;
          }

          void release() {
            locked = false;
            wakeFirst();
          }

          private void wakeFirst() {
            var first = waiters.peek();
            if (first != null && !first.isSet()) {
              first.set();
            }
          }

          void use() {
            acquire();
            try {
              checkpoint();
            } finally {
              release();
            }
          }
        };
    lock.acquire();
    scope(s -> {
      var victim = s.async(() -> lock.use());
      s.async(() -> lock.use());
      checkpoint();
      lock.release();
      checkpoint();
      victim.cancel("it is not needed any more");
    });
  }

  /// A semaphore, as far as it matters here.
  private interface Permits {
    void acquire();

    void release();
  }

  /// asyncio, bpo-45997 (gh-90155, "asyncio.Semaphore waiters deque doesn't work"): a flag that
  /// keeps newcomers out while somebody is woken stays up if that one is cancelled, and nobody gets
  /// in any more, though a permit is free. Mended, a permit is handed to whom is woken, and handed
  /// on by one who is cancelled.
  private static void semaphore(boolean mended) {
    Permits permits = mended ? new HandedOver() : new Flagged();
    scope(s -> {
      var victim =
          s.async(() -> {
            permits.acquire();
            permits.release();
          });
      checkpoint();
      permits.release();
      checkpoint();
      victim.cancel("it is not needed any more");
    });
    permits.acquire();
  }

  /// The semaphore that was broken; it begins without a permit.
  private static final class Flagged implements Permits {
    private final Deque<WakeUp> waiters = new ArrayDeque<>();
    private boolean wakeUpIsScheduled;
    private int free;

    @Override
    public void acquire() {
      while (wakeUpIsScheduled || free == 0) {
        var wakeUp = new WakeUp();
        waiters.add(wakeUp);
        try {
          wakeUp.await();
          wakeUpIsScheduled = false;
        } catch (CancelledException cancelled) {
          waiters.remove(wakeUp);
          wakeNext();
          throw cancelled;
        }
      }
      free--;
    }

    @Override
    public void release() {
      free++;
      wakeNext();
    }

    private void wakeNext() {
      var next = waiters.poll();
      if (next != null) {
        next.set();
        wakeUpIsScheduled = true;
      }
    }
  }

  /// The semaphore that holds; it begins without a permit.
  private static final class HandedOver implements Permits {
    private final Deque<WakeUp> waiters = new ArrayDeque<>();
    private int free;

    @Override
    public void acquire() {
      if (free > 0 && waiters.isEmpty()) {
        free--;
        return;
      }
      var wakeUp = new WakeUp();
      waiters.add(wakeUp);
      try {
        wakeUp.await();
      } catch (CancelledException cancelled) {
        if (!waiters.remove(wakeUp)) {
          release();
        }
        throw cancelled;
      }
    }

    @Override
    public void release() {
      var next = waiters.poll();
      if (next == null) {
        free++;
      } else {
        next.set();
      }
    }
  }
}
