package dev.thrum.console;

import static dev.thrum.Async.async;
import static dev.thrum.Async.run;
import static dev.thrum.Async.sleep;

import dev.thrum.inspect.Inspector;
import dev.thrum.sync.Event;
import dev.thrum.sync.Mutex;
import java.time.Duration;

/// A program that runs: a lock that is held and waited for, a ticking clock, a stall, and many
/// guests who wait for the end.
final class Crowd implements AutoCloseable {

  static final int GUESTS = 100_000;

  private final Event over = Event.create("over");
  private final Mutex door = Mutex.create("door");
  private final Thread thread = Thread.ofPlatform().name("crowd").start(() -> run(this::meet));

  private void meet() {
    async("porter", () -> door.withLock(over::await));
    async("late", () -> door.withLock(() -> {}));
    async("clock", this::tick);
    async("hog", Crowd::stall);
    async("party", this::invite);
    async("<b>stranger</b>", over::await);
    async("bored", this::yawn);
  }

  private void tick() {
    while (!over.isSet()) {
      sleep(Duration.ofMillis(10));
    }
  }

  private void yawn() {
    over.await();
  }

  /// Holds the loop until that is noticed.
  private static void stall() {
    while (Inspector.local().json("stalls", "").contains("\"current\":[]")) {
      Thread.onSpinWait();
    }
  }

  private void invite() {
    for (int i = 0; i < GUESTS; i++) {
      async("guest", over::await);
    }
    over.await();
  }

  @Override
  public void close() throws InterruptedException {
    over.set();
    thread.join();
  }
}
