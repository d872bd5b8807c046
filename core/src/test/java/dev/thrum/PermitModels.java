package dev.thrum;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.thrum.sync.CapacityLimiter;
import dev.thrum.sync.RwLock;
import dev.thrum.sync.Semaphore;
import java.util.random.RandomGenerator;

/// What is taken and given back, each beside its model.
final class PermitModels {
  private PermitModels() {}

  static final class Permits extends QueueModel {
    private final Semaphore semaphore;
    private final int max;
    private int available;

    Permits(RandomGenerator random, int available, int max) {
      super(random);
      this.semaphore = Semaphore.create(available, max);
      this.available = available;
      this.max = max;
    }

    @Override
    Object thing() {
      return semaphore;
    }

    @Override
    void turn(Lockstep.Actor me) throws Throwable {
      int wanted = 1 + random.nextInt(random.nextBoolean() ? 1 : max);
      switch (random.nextInt(8)) {
        case 0 -> release(me, wanted);
        case 1 -> {
          boolean now = take(wanted);
          me.performAtOnce(
              "try to acquire " + wanted + " of " + semaphore,
              now,
              () -> semaphore.tryAcquire(wanted));
        }
        default -> {
          if (acquire(me, wanted) == DONE) {
            try {
              pause(me);
            } finally {
              release(me, wanted);
            }
          }
        }
      }
    }

    private Object acquire(Lockstep.Actor me, int wanted) throws Throwable {
      boolean now = !me.isCancelled() && take(wanted);
      return perform(me, "acquire " + wanted + " of", wanted, now, () -> semaphore.acquire(wanted));
    }

    private boolean take(int wanted) {
      if (first() != null || available < wanted) {
        return false;
      }
      available -= wanted;
      return true;
    }

    private void release(Lockstep.Actor me, int permits) throws Throwable {
      Object expected = bring(permits);
      me.performAtOnce(
          "release " + permits + " of " + semaphore,
          expected,
          () -> done(() -> semaphore.release(permits)));
    }

    private Object bring(int permits) {
      if (permits > max - available) {
        return FAILED;
      }
      available += permits;
      for (Wish wish = first(); wish != null && wish.wanted() <= available; wish = first()) {
        available -= wish.wanted();
        wish.who().serve(DONE);
      }
      return DONE;
    }

    @Override
    void left() {
      bring(0);
    }

    @Override
    void compare() throws Throwable {
      assertEquals(available, semaphore.availablePermits(), "free permits");
      compareQueue("queue");
    }

    @Override
    void help() {
      if (waiting() > 0) {
        bring(1);
        semaphore.release();
      }
    }
  }

  static final class Tokens extends QueueModel {
    private final CapacityLimiter limiter;
    private int total;
    private int borrowed;

    Tokens(RandomGenerator random, int total) {
      super(random);
      this.limiter = CapacityLimiter.create(total);
      this.total = total;
    }

    @Override
    Object thing() {
      return limiter;
    }

    @Override
    void turn(Lockstep.Actor me) throws Throwable {
      if (random.nextInt(6) == 0) {
        int size = random.nextInt(4);
        total = size;
        serve();
        me.performAtOnce(
            "resize " + limiter + " to " + size, DONE, () -> done(() -> limiter.resize(size)));
        return;
      }
      boolean trying = random.nextInt(4) == 0;
      boolean now = (trying || !me.isCancelled()) && take();
      Object got =
          trying
              ? me.performAtOnce(
                  "try to acquire " + limiter,
                  now ? DONE : FAILED,
                  () -> limiter.tryAcquire() ? DONE : FAILED)
              : perform(me, "acquire", 1, now, limiter::acquire);
      if (got == DONE) {
        try {
          pause(me);
        } finally {
          borrowed--;
          serve();
          me.performAtOnce("release " + limiter, DONE, () -> done(limiter::release));
        }
      }
    }

    private boolean take() {
      if (first() != null || borrowed >= total) {
        return false;
      }
      borrowed++;
      return true;
    }

    private void serve() {
      for (Wish wish = first(); wish != null && borrowed < total; wish = first()) {
        borrowed++;
        wish.who().serve(DONE);
      }
    }

    @Override
    void compare() throws Throwable {
      assertEquals(borrowed, limiter.borrowed(), "borrowed tokens");
      compareQueue("queue");
    }

    @Override
    void help() {
      if (total == 0) {
        total = 1;
        serve();
        limiter.resize(1);
      }
    }
  }

  static final class Reading extends QueueModel {
    private static final int READ = 0;
    private static final int WRITE = 1;

    private final RwLock lock = RwLock.create();
    private int readers;
    private boolean writing;

    Reading(RandomGenerator random) {
      super(random);
    }

    @Override
    Object thing() {
      return lock;
    }

    @Override
    void turn(Lockstep.Actor me) throws Throwable {
      int mode = random.nextInt(3) == 0 ? WRITE : READ;
      String what = mode == READ ? "read" : "write";
      boolean trying = random.nextInt(4) == 0;
      boolean now = (trying || !me.isCancelled()) && first() == null && admit(mode);
      Object got =
          trying
              ? me.performAtOnce(
                  "try to " + what + " " + lock, now ? DONE : FAILED, () -> tryLock(mode))
              : perform(me, what, mode, now, mode == READ ? lock::lockRead : lock::lockWrite);
      if (got == DONE) {
        try {
          pause(me);
        } finally {
          if (mode == READ) {
            readers--;
          } else {
            writing = false;
          }
          left();
          me.performAtOnce(
              "end of " + what + " " + lock,
              DONE,
              () -> done(mode == READ ? lock::unlockRead : lock::unlockWrite));
        }
      }
    }

    private Object tryLock(int mode) {
      return (mode == READ ? lock.tryLockRead() : lock.tryLockWrite()) ? DONE : FAILED;
    }

    private boolean admit(int mode) {
      if (writing || (mode == WRITE && readers > 0)) {
        return false;
      }
      if (mode == READ) {
        readers++;
      } else {
        writing = true;
      }
      return true;
    }

    @Override
    void left() {
      for (Wish wish = first(); wish != null && admit(wish.wanted()); wish = first()) {
        wish.who().serve(DONE);
      }
    }

    @Override
    void compare() throws Throwable {
      assertEquals(readers, lock.readers(), "readers");
      assertEquals(writing, lock.isWriteLocked(), "whether somebody writes");
      compareQueue("queue");
    }
  }
}
