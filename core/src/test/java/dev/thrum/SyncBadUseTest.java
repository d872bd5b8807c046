package dev.thrum;

import static dev.thrum.Async.async;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.sync.Barrier;
import dev.thrum.sync.CapacityLimiter;
import dev.thrum.sync.Event;
import dev.thrum.sync.Mutex;
import dev.thrum.sync.RateLimiter;
import dev.thrum.sync.RwLock;
import dev.thrum.sync.Semaphore;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Locks and signals in wrong use: what is refused, and what the refusal says.
class SyncBadUseTest {

  private static void refused(
      Class<? extends Throwable> expected, String useful, VoidBody<?> call) {
    Throwable refusal = assertThrows(expected, call::run);
    String message = String.valueOf(refusal.getMessage());
    assertTrue(message.contains(useful), () -> "'" + message + "' does not say '" + useful + "'");
  }

  private static void refused(String useful, VoidBody<?> call) {
    refused(IllegalArgumentException.class, useful, call);
  }

  private static void isNull(String what, VoidBody<?> call) {
    refused(NullPointerException.class, what, call);
  }

  @Test
  void numbersThatMakeNoSense() {
    refused("from 0 to max permits, and max is at least 1: 0 of 0", () -> Semaphore.create(0));
    refused("-1 of 5", () -> Semaphore.create(-1, 5));
    refused("6 of 5", () -> Semaphore.create("s", 6, 5));
    var semaphore = Semaphore.create("s", 2);
    refused("semaphore s has 2 permits: nobody can acquire 3", () -> semaphore.acquire(3));
    refused("nobody can acquire 0", () -> semaphore.tryAcquire(0));
    refused("at least one permit can be released: 0", () -> semaphore.release(0));
    refused("at least one permit can be released: -1", () -> semaphore.release(-1));
    assertEquals(2, semaphore.availablePermits());
    refused("limiter c cannot have -1 tokens", () -> CapacityLimiter.create("c", -1));
    var limiter = CapacityLimiter.create(1);
    refused("cannot have -1 tokens", () -> limiter.resize(-1));
    assertEquals(1, limiter.total());
    refused("at least one party: 0", () -> Barrier.create(0));
    refused("at least one permit: 0", () -> RateLimiter.create(0, ofSeconds(1)));
    refused("with a burst of 0", () -> RateLimiter.create(1, ofSeconds(1), 0));
    refused("a positive time: PT0S", () -> RateLimiter.create(1, ZERO));
    refused("a positive time: PT-1S", () -> RateLimiter.create(1, ofSeconds(-1)));
    refused("at most 70 years", () -> RateLimiter.create(1, ofDays(71 * 365)));
    refused("at most 70 years", () -> RateLimiter.create(1, ofDays(365), 71));
    refused("at most 70 years", () -> RateLimiter.create(9, Duration.ofSeconds(Long.MAX_VALUE)));
  }

  @Test
  void nulls() {
    var mutex = Mutex.create();
    var semaphore = Semaphore.create(1);
    var limiter = CapacityLimiter.create(1);
    var lock = RwLock.create();
    Body<String, RuntimeException> none = null;
    VoidBody<RuntimeException> nothing = null;
    isNull("body", () -> mutex.withLock(none));
    isNull("body", () -> mutex.withLock(nothing));
    isNull("body", () -> semaphore.withPermit(none));
    isNull("body", () -> semaphore.withPermit(nothing));
    isNull("body", () -> limiter.withToken(none));
    isNull("body", () -> limiter.withToken(nothing));
    isNull("body", () -> lock.withRead(none));
    isNull("body", () -> lock.withRead(nothing));
    isNull("body", () -> lock.withWrite(none));
    isNull("body", () -> lock.withWrite(nothing));
    isNull("test", () -> mutex.newCondition().await(null));
    isNull("action", () -> Barrier.create(1, null));
    isNull("per", () -> RateLimiter.create(1, null));
    isNull("name", () -> Mutex.create(null));
    isNull("name", () -> Event.create(null));
    isNull("name", () -> RwLock.create(null));
    isNull("name", () -> Semaphore.create(null, 1));
    isNull("name", () -> CapacityLimiter.create(null, 1));
    isNull("name", () -> Barrier.create(null, 1));
    isNull("name", () -> RateLimiter.create(null, 1, ofSeconds(1)));
    assertEquals(1, semaphore.availablePermits());
    assertTrue(mutex.tryLock());
  }

  @Test
  void aBodyThatGivesBackWhatTheMethodGivesBack() {
    VirtualTime.run(() -> {
      var mutex = Mutex.create("m");
      refused(
          IllegalStateException.class,
          "cannot unlock mutex m, which is not locked",
          () -> mutex.withLock(mutex::unlock));
      var limiter = CapacityLimiter.create(1);
      refused(
          IllegalStateException.class, "has no token", () -> limiter.withToken(limiter::release));
      var semaphore = Semaphore.create(1);
      refused(
          IllegalStateException.class,
          "more than 1 permits",
          () -> semaphore.withPermit(() -> semaphore.release()));
      assertEquals(1, semaphore.availablePermits());
    });
  }

  @Test
  void whatTheBodyThrowsIsNotLostThen() {
    VirtualTime.run(() -> {
      var mutex = Mutex.create();
      var boom = new IOException("boom");
      var thrown =
          assertThrows(
              IOException.class,
              () ->
                  mutex.withLock(() -> {
                    mutex.unlock();
                    throw boom;
                  }));
      assertSame(boom, thrown);
      assertEquals(IllegalStateException.class, boom.getSuppressed()[0].getClass());
    });
  }

  @Test
  void aLockGivenToAnotherTask() {
    VirtualTime.run(() -> {
      var mutex = Mutex.create("m");
      mutex.lock();
      var child =
          async(
              "child",
              () ->
                  refused(
                      IllegalStateException.class,
                      "task child cannot unlock mutex m, which task main holds",
                      mutex::unlock));
      child.await();
      mutex.unlock();
    });
  }

  @Test
  void aLoopGoesOnAfterARefusal() {
    VirtualTime.run(() -> {
      var semaphore = Semaphore.create(1);
      for (int i = 0; i < 3; i++) {
        refused(IllegalStateException.class, "withPermit(body)", semaphore::release);
      }
      assertEquals("value", semaphore.withPermit(() -> "value"));
      assertEquals("alive", async(() -> "alive").await());
    });
  }
}
