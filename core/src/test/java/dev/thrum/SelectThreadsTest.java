package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.sleep;
import static dev.thrum.channel.Select.after;
import static dev.thrum.channel.Select.cancelled;
import static dev.thrum.channel.Select.done;
import static dev.thrum.channel.Select.on;
import static dev.thrum.channel.Select.otherwise;
import static dev.thrum.channel.Select.select;
import static dev.thrum.channel.Select.send;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.channel.Channel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Select between loops and plain threads.
///
/// Slow, because what meets by chance must have many chances.
@Tag("slow")
class SelectThreadsTest {
  private final Crew crew = new Crew();
  private final CompletableFuture<Loop> otherLoop = new CompletableFuture<>();
  private final CompletableFuture<String> end = new CompletableFuture<>();

  @AfterEach
  void endTheOtherLoop() throws Exception {
    end.complete("");
    crew.join();
  }

  private Loop otherLoop() {
    crew.start(
        true,
        () -> {
          otherLoop.complete(Loop.current());
          await(end);
        });
    return otherLoop.join();
  }

  private static List<Integer> sorted(Collection<Integer> items) {
    return items.stream().sorted().toList();
  }

  // On a plain thread

  @Test
  void aPlainThreadSelects() throws Exception {
    Channel<Integer> in = Channel.buffered(1);
    Channel<Integer> out = Channel.buffered(1);
    assertEquals("none", select(on(in, _ -> "item"), otherwise(() -> "none")));
    assertEquals("none", select(on(in, _ -> "item"), after(ZERO, () -> "none")));
    assertEquals("time", select(on(in, _ -> "item"), after(ofMillis(2), () -> "time")));
    assertEquals("sent", select(on(in, _ -> "item"), send(out, 1, () -> "sent")));
    crew.start(
        false,
        () -> {
          Crew.eventually("the other waits", () -> Inside.receivers(in) == 1);
          in.send(2);
        });
    assertEquals("got 2", select(on(in, item -> "got " + item), after(ofHours(1), () -> "time")));
    assertEquals(0, Inside.receivers(in));
    crew.join();
  }

  @Test
  void anInterruptEndsTheSelectOfAPlainThread() throws Exception {
    Channel<Integer> in = Channel.rendezvous();
    Channel<Integer> out = Channel.rendezvous();
    for (boolean timed : new boolean[] {false, true}) {
      Thread thread =
          crew.start(
              false,
              () -> {
                CancellationException thrown =
                    assertThrows(
                        CancellationException.class,
                        () -> {
                          if (timed) {
                            select(on(in, _ -> {}), after(ofHours(1), () -> {}));
                          } else {
                            select(on(in, _ -> {}), send(out, 1, () -> {}));
                          }
                        });
                assertInstanceOf(InterruptedException.class, thrown.getCause());
                assertTrue(Thread.currentThread().isInterrupted());
              });
      Crew.awaitParked(thread);
      thread.interrupt();
      crew.join();
      assertEquals(0, Inside.receivers(in));
      assertEquals(0, Inside.senders(out));
    }
  }

  @Test
  void aPlainThreadWaitsForATask() throws Exception {
    Loop loop = otherLoop();
    Task<Integer> task =
        loop.submit(() -> {
          sleep(ofMillis(2));
          return 1;
        });
    assertEquals("1", select(done(task, String::valueOf), after(ofHours(1), () -> "time")));
    assertEquals("1", select(done(task, String::valueOf), after(ofHours(1), () -> "time")));
  }

  // Tasks and scopes of another loop

  @Test
  void aTaskOfAnotherLoop() throws Exception {
    Loop loop = otherLoop();
    Async.run(() -> {
      Task<Integer> good =
          loop.submit(() -> {
            sleep(ofMillis(2));
            return 1;
          });
      assertEquals("1", select(done(good, String::valueOf)));
      IOException boom = new IOException("boom");
      Task<?> bad =
          loop.submit(() -> {
            sleep(ofMillis(2));
            throw boom;
          });
      assertSame(boom, assertThrows(IOException.class, () -> select(done(bad, _ -> 1))));
      Task<?> gone = loop.submit(() -> sleep(ofHours(1)));
      async(() -> gone.cancel("enough"));
      CancellationException thrown =
          assertThrows(CancellationException.class, () -> select(done(gone, _ -> 1)));
      assertSame(CancellationException.class, thrown.getClass());
      assertEquals("1", select(done(good, String::valueOf)));
    });
  }

  @Test
  void aTaskOfAnotherLoopThatLosesKeepsNoSelect() throws Exception {
    Loop loop = otherLoop();
    Async.run(() -> {
      Task<?> slow = loop.submit(() -> sleep(ofHours(1)));
      for (int i = 0; i < 100; i++) {
        Channel<Integer> channel = Channel.buffered(1);
        async(() -> channel.send(1));
        assertEquals("item", select(done(slow, _ -> "done"), on(channel, _ -> "item")));
        Task<?> selecting = async(() -> select(done(slow, _ -> {})));
        checkpoint();
        selecting.cancel("enough");
        checkpoint();
      }
      loop.submit(() -> assertNull(Inside.field(slow, "watchers"))).await();
      slow.cancel("enough");
    });
  }

  @Test
  void aScopeOfAnotherLoop() throws Exception {
    Loop loop = otherLoop();
    CompletableFuture<Scope> scope = new CompletableFuture<>();
    loop.submit(() ->
        Async.scope(s -> {
          scope.complete(s);
          sleep(ofHours(1));
        }));
    Scope known = scope.join();
    Async.run(() -> {
      Task<String> selecting = async(() -> select(cancelled(known, () -> "cancelled")));
      checkpoint();
      known.cancel("enough");
      assertEquals("cancelled", await(selecting));
    });
    assertEquals("cancelled", select(cancelled(known, () -> "cancelled")));
  }

  @Test
  void aScopeWhoseLoopHasEndedIsAsCancelledAsItWas() {
    CompletableFuture<Scope> scopes = new CompletableFuture<>();
    Async.run(() ->
        Async.scope(s -> {
          scopes.complete(s);
          s.cancel("enough");
        }));
    Scope scope = scopes.join();
    assertEquals(
        "cancelled", select(cancelled(scope, () -> "cancelled"), after(ofHours(1), () -> "")));
    CompletableFuture<Scope> others = new CompletableFuture<>();
    Async.run(() -> Async.scope(others::complete));
    assertEquals(
        "time",
        select(cancelled(others.join(), () -> "cancelled"), after(ofMillis(1), () -> "time")));
  }

  // By chance

  /// Four that each send or receive, whatever comes first, on channels that all of them share.
  @Test
  void selectsOfLoopsAndThreadsThatFaceEachOtherLoseAndDoubleNothing() throws Exception {
    Channel<Integer> a = Channel.rendezvous();
    Channel<Integer> b = Channel.buffered(1);
    Channel<Integer> c = Channel.rendezvous();
    ConcurrentLinkedQueue<Integer> sent = new ConcurrentLinkedQueue<>();
    ConcurrentLinkedQueue<Integer> received = new ConcurrentLinkedQueue<>();
    for (int k = 0; k < 4; k++) {
      int number = k;
      crew.start(
          k % 2 == 0,
          () -> {
            for (int i = 0; i < 3000; i++) {
              int item = number * 100_000 + i;
              select(
                  send(
                      a,
                      item,
                      () -> {
                        sent.add(item);
                      }),
                  on(
                      b,
                      got -> {
                        received.add(got);
                      }),
                  send(
                      c,
                      item,
                      () -> {
                        sent.add(item);
                      }),
                  on(
                      c,
                      got -> {
                        received.add(got);
                      }),
                  send(
                      b,
                      item,
                      () -> {
                        sent.add(item);
                      }),
                  on(
                      a,
                      got -> {
                        received.add(got);
                      }),
                  after(ofMillis(1), () -> {}));
            }
          });
    }
    crew.join();
    b.tryReceive().ifPresent(received::add);
    assertTrue(sent.size() > 1000, () -> sent.size() + " only");
    assertEquals(sorted(sent), sorted(received));
    for (Channel<Integer> channel : List.of(a, b, c)) {
      assertEquals(0, Inside.receivers(channel));
      assertEquals(0, Inside.senders(channel));
    }
  }

  @Test
  void aSelectThatIsCancelledOrTooLateJustThenHasWhatItsCounterpartGave() throws Exception {
    Channel<Integer> channel = Channel.rendezvous();
    Channel<Integer> other = Channel.rendezvous();
    ConcurrentLinkedQueue<Integer> sent = new ConcurrentLinkedQueue<>();
    ConcurrentLinkedQueue<Integer> received = new ConcurrentLinkedQueue<>();
    AtomicInteger receiving = new AtomicInteger(3);
    for (int k = 0; k < 2; k++) {
      int number = k;
      crew.start(
          k == 0,
          () -> {
            for (int i = 0; receiving.get() > 0; i++) {
              int item = number * 1_000_000 + i;
              if (channel.trySend(item)) {
                sent.add(item);
              }
              if (i % 64 == 0) {
                Crew.rest();
              }
            }
          });
    }
    crew.start(
        false,
        () -> {
          for (int i = 0; i < 2000; i++) {
            select(
                on(
                    channel,
                    item -> {
                      received.add(item);
                    }),
                on(
                    other,
                    item -> {
                      received.add(item);
                    }),
                after(ofNanos(1 + i % 7 * 3000L), () -> {}));
          }
          receiving.decrementAndGet();
        });
    crew.start(
        true,
        () -> {
          for (int i = 0; i < 2000; i++) {
            Task<?> task =
                async(() ->
                    select(
                        on(
                            other,
                            item -> {
                              received.add(item);
                            }),
                        on(
                            channel,
                            item -> {
                              received.add(item);
                            })));
            for (int n = 0; n < i % 4; n++) {
              checkpoint();
            }
            task.cancel("enough");
            while (!task.isDone()) {
              checkpoint();
            }
          }
          receiving.decrementAndGet();
        });
    crew.start(
        false,
        () -> {
          AtomicInteger rounds = new AtomicInteger();
          Crew.interruptedNowAndThen(_ -> {
            select(
                on(
                    other,
                    item -> {
                      received.add(item);
                    }),
                on(
                    channel,
                    item -> {
                      received.add(item);
                    }));
            return rounds.incrementAndGet() < 1000;
          });
          receiving.decrementAndGet();
        });
    crew.join();
    assertEquals(sorted(sent), sorted(received));
    assertEquals(0, Inside.receivers(channel));
    assertEquals(0, Inside.receivers(other));
  }

  @Test
  void aTaskOfAnotherLoopThatEndsJustThen() throws Exception {
    Loop loop = otherLoop();
    List<Integer> seen = new ArrayList<>();
    Async.run(() -> {
      for (int i = 0; i < 2000; i++) {
        int number = i;
        Task<Integer> task = loop.submit(() -> number);
        select(
            done(
                task,
                v -> {
                  seen.add(v);
                }),
            done(
                task,
                v -> {
                  seen.add(v);
                }));
      }
    });
    assertEquals(2000, seen.size());
    assertEquals(sorted(seen), seen);
  }

  @Test
  void whoOwnsAFailureOfAnotherLoopHearsOfItThroughASelect() throws Exception {
    Loop loop = otherLoop();
    Task<?> bad =
        loop.submit(() -> {
          throw new IOException("boom");
        });
    assertThrows(IOException.class, () -> select(done(bad, _ -> 1)));
    assertThrows(ExecutionException.class, bad::get);
  }
}
