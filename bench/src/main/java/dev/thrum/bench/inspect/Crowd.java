package dev.thrum.bench.inspect;

import static dev.thrum.Async.async;
import static dev.thrum.Async.background;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.run;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;

import dev.thrum.VoidBody;
import dev.thrum.channel.Channel;
import dev.thrum.sync.Mutex;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// A program with 100,000 tasks that wait: half of them sleep, some of those with one of 25 locks,
/// a quarter waits for these locks, 15,000 for 150 channels, and 10,000 stand in scopes inside one
/// another, ten deep. Beside them runs a heartbeat.
///
/// Prints a line when all are there. For each line that it reads it prints how late the heartbeat
/// was at worst since the line before, in nanoseconds. Ends with its standard input.
final class Crowd {
  private static final int SLEEPERS = 50_000;
  private static final int LOCKS = 25;
  private static final int LOCKING = 25_000;
  private static final int CHANNELS = 150;
  private static final int RECEIVING = 15_000;
  private static final int NESTED = 10_000;
  private static final int DEEP = 10;

  /// All of them.
  static final int TASKS = SLEEPERS + LOCKING + RECEIVING + NESTED;

  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration BEAT = Duration.ofMillis(1);

  private static final AtomicInteger THERE = new AtomicInteger();
  private static final AtomicLong LATEST = new AtomicLong();

  private Crowd() {}

  static void main(String[] args) {
    run(() -> {
      sleepers();
      receivers();
      for (int i = 0; i < NESTED / DEEP; i++) {
        start("order-" + i, () -> nested(DEEP));
      }
      while (THERE.get() < TASKS) {
        checkpoint();
      }
      System.gc();
      background(Crowd::beat);
      Thread.ofPlatform().daemon().name("desk").start(Crowd::answer);
      sleep(LONG);
    });
  }

  private static void sleepers() {
    var locks = new Mutex[LOCKS];
    for (int i = 0; i < LOCKS; i++) {
      var lock = Mutex.create("account-" + i);
      locks[i] = lock;
      start("holder-" + i, () -> lock.withLock(() -> pause(LONG)));
    }
    for (int i = LOCKS; i < SLEEPERS; i++) {
      var time = LONG.plusMillis(i);
      start("session-" + i, () -> pause(time));
    }
    for (int i = 0; i < LOCKING; i++) {
      var lock = locks[i % LOCKS];
      async(
          "transfer-" + i,
          () -> {
            THERE.incrementAndGet();
            lock.lock();
          });
    }
  }

  /// Starts a task, and lets it get to where it waits.
  private static void start(String name, VoidBody<?> body) {
    async(name, body);
    checkpoint();
  }

  private static void receivers() {
    for (int i = 0; i < CHANNELS; i++) {
      var channel = Channel.<String>rendezvous();
      for (int j = 0; j < RECEIVING / CHANNELS; j++) {
        async(
            "worker-" + i + "-" + j,
            () -> {
              THERE.incrementAndGet();
              channel.receive();
            });
      }
    }
  }

  /// A task that has a scope with one more in it, and so on.
  private static void nested(int deep) {
    if (deep == 1) {
      pause(LONG);
      return;
    }
    THERE.incrementAndGet();
    scope(inside -> {
      inside.async("part-" + deep, () -> nested(deep - 1));
    });
  }

  private static void pause(Duration time) {
    THERE.incrementAndGet();
    sleep(time);
  }

  private static void beat() {
    while (true) {
      long before = System.nanoTime();
      sleep(BEAT);
      long late = System.nanoTime() - before - BEAT.toNanos();
      LATEST.accumulateAndGet(late, Math::max);
    }
  }

  private static void answer() {
    System.out.println("ready");
    try (var questions =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      while (questions.readLine() != null) {
        System.out.println(LATEST.getAndSet(0));
      }
    } catch (IOException _) {
      // The driver is gone, as at the end of its input.
    }
    Runtime.getRuntime().halt(0);
  }
}
