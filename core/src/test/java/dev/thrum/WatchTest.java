package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.current;
import static dev.thrum.Async.now;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeout;
import static java.time.Duration.between;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.channel.Broadcast;
import dev.thrum.channel.ChannelClosedException;
import dev.thrum.channel.Select;
import dev.thrum.channel.Watch;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Watches: a value, its changes, and who waits for one.
@ParameterizedClass(name = "{0}")
@EnumSource
class WatchTest {
  private final Tidy tidy;
  private final Trail trail = new Trail();

  WatchTest(Tidy tidy) {
    this.tidy = tidy;
  }

  private static int readersOf(Watch<?> watch) {
    return ((Broadcast<?>) Inside.field(watch, "changes")).readers();
  }

  @Test
  void theValueIsTheLatest() {
    Watch<Integer> watch = Watch.of(1);
    assertEquals(1, watch.get());
    watch.set(2);
    assertEquals(2, watch.get());
    assertEquals(12, watch.update(i -> i + 10));
    assertEquals(12, watch.get());
  }

  @Test
  void aReaderGetsTheValueAsItIsAndThenTheLatestOfEachTimeItLooks() {
    Watch<Integer> watch = Watch.of(1);
    try (Broadcast.Reader<Integer> reader = watch.observe()) {
      assertEquals(1, reader.size());
      assertEquals(1, reader.receive());
      assertEquals(Optional.empty(), reader.tryReceive());
      watch.set(2);
      watch.set(3);
      assertEquals(1, reader.size());
      assertEquals(3, reader.receive());
      assertEquals(Optional.empty(), reader.tryReceive());
      watch.set(3);
      assertEquals(3, reader.receive());
    }
    try (Broadcast.Reader<Integer> reader = watch.observe()) {
      watch.set(4);
      assertEquals(4, reader.receive());
      assertEquals(Optional.empty(), reader.tryReceive());
    }
    assertEquals(0, readersOf(watch));
  }

  @Test
  void whoWaitsIsToldOfEachChange() {
    tidy.run(() -> {
      Watch<String> watch = Watch.of("a");
      Task<?> observer =
          async(() -> {
            try (Broadcast.Reader<String> reader = watch.observe()) {
              reader.forEach(trail::add);
            }
          });
      for (String value : List.of("b", "c", "d")) {
        checkpoint();
        watch.set(value);
      }
      checkpoint();
      watch.close();
      await(observer);
      trail.expect("a", "b", "c", "d");
    });
  }

  @Test
  void awaitingAValue() {
    tidy.run(() -> {
      Watch<Integer> watch = Watch.of(0);
      async(() -> {
        for (int i = 1; i <= 5; i++) {
          sleep(ofSeconds(1));
          watch.set(i);
        }
      });
      var began = now();
      assertEquals(0, watch.await(i -> i == 0));
      assertEquals(3, watch.await(i -> i >= 3));
      assertEquals(ofSeconds(3), between(began, now()));
      assertThrows(
          TimeoutException.class, () -> timeout(ofSeconds(1), () -> watch.await(i -> i > 9)));
      assertEquals(0, readersOf(watch));
      sleep(ofSeconds(5));
    });
  }

  @Test
  void aTestThatThrowsComesOutAndLeavesNoReader() {
    Watch<Integer> watch = Watch.of(0);
    assertThrows(ArithmeticException.class, () -> watch.await(i -> 1 / i > 0));
    assertEquals(0, readersOf(watch));
  }

  @Test
  void theLastValueIsThereAfterTheEnd() {
    tidy.run(() -> {
      Watch<String> watch = Watch.of("starting");
      Broadcast.Reader<String> late = watch.observe();
      Task<?> hopeless =
          async(() ->
              assertThrows(
                  ChannelClosedException.class, () -> watch.await(s -> s.equals("failed"))));
      checkpoint();
      watch.set("done");
      watch.close();
      await(hopeless);
      assertEquals("done", watch.get());
      assertEquals("done", watch.await(s -> s.equals("done")));
      assertThrows(ChannelClosedException.class, () -> watch.await(s -> s.equals("failed")));
      assertEquals(List.of("done"), late.stream().toList());
      assertThrows(ChannelClosedException.class, () -> watch.set("again"));
      assertThrows(ChannelClosedException.class, () -> watch.update(s -> s + "!"));
      assertThrows(ChannelClosedException.class, watch::observe);
      assertEquals("done", watch.get());
      assertThrows(IllegalStateException.class, watch::close);
      assertEquals(1, readersOf(watch));
    });
  }

  @Test
  void afterAFailureTheLastValueComesFirst() {
    IOException gone = new IOException("gone");
    tidy.run(() -> {
      Watch<Integer> watch = Watch.of(1);
      Broadcast.Reader<Integer> reader = watch.observe();
      assertFalse(watch.isClosed());
      watch.close(gone);
      assertTrue(watch.isClosed());
      assertEquals(1, reader.receive());
      assertSame(gone, assertThrows(IOException.class, () -> sneaky(reader::receive)));
    });
  }

  /// A receiver throws, undeclared, what its channel was closed with.
  private static void sneaky(VoidBody<IOException> body) throws IOException {
    body.run();
  }

  @Test
  void aReaderStandsInASelect() {
    tidy.run(() -> {
      Watch<Integer> watch = Watch.of(1);
      try (Broadcast.Reader<Integer> reader = watch.observe()) {
        assertEquals("1", Select.select(Select.on(reader, String::valueOf)));
        async(() -> {
          sleep(ofSeconds(1));
          watch.set(2);
        });
        assertEquals(
            "2",
            Select.select(
                Select.on(reader, String::valueOf), Select.after(ofSeconds(5), () -> "late")));
      }
    });
  }

  @Test
  void changesFromSeveralThreadsAreAllMade() throws Exception {
    Watch<Integer> watch = Watch.of(0);
    Thread[] threads = new Thread[4];
    for (int i = 0; i < threads.length; i++) {
      threads[i] =
          Thread.ofPlatform()
              .start(() -> {
                for (int k = 0; k < 2000; k++) {
                  watch.update(value -> value + 1);
                }
              });
    }
    assertEquals(8000, watch.await(value -> value == 8000));
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Test
  void whoHasReceivedAChangeReadsNoOlderValue() throws Exception {
    Watch<Integer> watch = Watch.of(0);
    int changes = 30_000;
    AtomicInteger older = new AtomicInteger();
    CountDownLatch ready = new CountDownLatch(2);
    Thread[] threads = new Thread[2];
    for (int i = 0; i < threads.length; i++) {
      threads[i] =
          Thread.ofPlatform()
              .start(() -> {
                try (Broadcast.Reader<Integer> reader = watch.observe()) {
                  ready.countDown();
                  for (int seen = 0; seen < changes; ) {
                    seen = reader.receive();
                    if (watch.get() < seen) {
                      older.incrementAndGet();
                    }
                  }
                }
              });
    }
    ready.await();
    for (int i = 1; i <= changes; i++) {
      watch.set(i);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(0, older.get());
  }

  @Test
  void aCancelledTaskStillSetsButDoesNotWait() {
    tidy.run(() -> {
      Watch<Integer> watch = Watch.of(1);
      Task<?> task =
          async(() -> {
            current().cancel("enough");
            watch.set(2);
            trail.add("set");
            watch.await(i -> i == 2);
          });
      checkpoint();
      assertEquals(new Outcome.Cancelled<>("enough"), task.outcome());
      trail.expect("set");
      assertEquals(0, readersOf(watch));
    });
  }

  @Test
  void messagesCallItAWatch() {
    Watch<Integer> watch = Watch.of(1);
    watch.close();
    String message = assertThrows(ChannelClosedException.class, () -> watch.set(2)).getMessage();
    assertTrue(message.startsWith("watch@"), message);
    assertEquals("watch of 1", watch.toString());
  }
}
