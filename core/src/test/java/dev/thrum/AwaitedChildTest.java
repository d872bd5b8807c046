package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.current;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.shield;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeout;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A child that is awaited before it has begun may run on its awaiter's stack. Nobody can tell.
class AwaitedChildTest {
  private final Trail trail = new Trail();

  /// How a child is started, and whether somebody watches; some of these exclude the shared stack.
  enum Way {
    UNNAMED,
    NAMED,
    WATCHED,
    BEGUN;

    Runner.Builder builder() {
      Runner.Builder builder = Runner.builder().time(new VirtualTime());
      return this == WATCHED ? builder.instrument(new Instrument() {}) : builder;
    }

    Task<?> start(VoidBody<?> body) {
      return this == NAMED ? async("child", body) : async(body);
    }

    /// Starts the child, and lets it begin in that way.
    Task<?> begin(VoidBody<?> body) {
      Task<?> child = start(body);
      if (this == BEGUN) {
        checkpoint();
      }
      return child;
    }
  }

  @ParameterizedTest
  @EnumSource
  void itsFailureComesOutOfAwaitAlsoIfItEndsTheScope(Way way) {
    IOException boom = new IOException("boom");
    IOException out =
        assertThrows(
            IOException.class,
            () ->
                way.builder()
                    .run(() ->
                        scope(_ -> {
                          Task<?> child =
                              way.begin(() -> {
                                sleep(ofMillis(5));
                                throw boom;
                              });
                          assertSame(boom, assertThrows(Exception.class, child::await));
                          trail.add("caught");
                          assertThrows(CancelledException.class, Async::checkpoint);
                        })));
    assertSame(boom, out);
    trail.expect("caught");
  }

  @ParameterizedTest
  @EnumSource
  void itsFailureInATaskIsHandledWhereItIsAwaited(Way way) {
    way.builder()
        .run(() -> {
          Task<?> child =
              way.begin(() -> {
                sleep(ofMillis(5));
                throw new IOException("boom");
              });
          assertThrows(IOException.class, child::await);
          checkpoint();
          trail.add("goes on");
        });
    trail.expect("goes on");
  }

  @ParameterizedTest
  @EnumSource
  void aCancellationReachesTheAwaiterAtOnce(Way way) {
    way.builder()
        .run(() -> {
          Task<?> awaiter =
              async(
                  "awaiter",
                  () -> {
                    Task<?> child =
                        way.begin(() -> {
                          try {
                            sleep(ofSeconds(1));
                          } finally {
                            shield(() -> sleep(ofMillis(50)));
                            trail.add("child cleaned up");
                          }
                        });
                    try {
                      child.await();
                    } finally {
                      trail.add("awaiter cancelled");
                    }
                  });
          sleep(ofMillis(10));
          awaiter.cancel("stop");
          assertThrows(CancellationException.class, awaiter::await);
        });
    trail.expect("awaiter cancelled", "child cleaned up");
  }

  @ParameterizedTest
  @EnumSource
  void aCancelledAwaiterMayEndWhatItsChildWaitsFor(Way way) {
    way.builder()
        .run(() -> {
          boolean[] told = {false};
          Task<?> awaiter =
              async(
                  "awaiter",
                  () -> {
                    Task<?> child =
                        way.begin(() -> {
                          try {
                            sleep(ofSeconds(1));
                          } finally {
                            // Its cleanup ends only once its awaiter has done something.
                            shield(() -> {
                              while (!told[0]) {
                                sleep(ofMillis(1));
                              }
                            });
                          }
                        });
                    try {
                      child.await();
                    } finally {
                      told[0] = true;
                      trail.add("told by the awaiter");
                    }
                  });
          sleep(ofMillis(10));
          awaiter.cancel("stop");
          sleep(ofSeconds(1));
          trail.add("a second later");
          told[0] = true;
        });
    trail.expect("told by the awaiter", "a second later");
  }

  @ParameterizedTest
  @EnumSource
  void awaitersGoOnInTheOrderInWhichTheyCame(Way way) {
    way.builder()
        .run(() -> {
          List<Task<?>> child = new ArrayList<>();
          Task<?> first =
              async(
                  "first",
                  () -> {
                    child.add(way.begin(() -> sleep(ofMillis(10))));
                    child.getFirst().await();
                    trail.add("first");
                  });
          Task<?> second =
              async(
                  "second",
                  () -> {
                    sleep(ofMillis(5));
                    child.getFirst().await();
                    trail.add("second");
                  });
          await(first);
          await(second);
        });
    trail.expect("first", "second");
  }

  @ParameterizedTest
  @EnumSource
  void itHasThreadLocalsOfItsOwn(Way way) {
    ThreadLocal<String> local = ThreadLocal.withInitial(() -> "fresh");
    way.builder()
        .run(() -> {
          local.set("main");
          Task<?> child =
              way.begin(() -> {
                trail.add(local.get());
                local.set("child");
                checkpoint();
                trail.add(local.get());
              });
          child.await();
          trail.add(local.get());
        });
    trail.expect("fresh", "child", "main");
  }

  @ParameterizedTest
  @EnumSource
  void itsOwnCancellationIsNotItsAwaiters(Way way) {
    way.builder()
        .run(() -> {
          Task<?> child =
              way.begin(() -> {
                current().cancel("only me");
                checkpoint();
                trail.add("not reached");
              });
          CancellationException out = assertThrows(CancellationException.class, child::await);
          assertEquals(false, out instanceof CancelledException);
          checkpoint();
          trail.add("awaiter goes on");
        });
    trail.expect("awaiter goes on");
  }

  @ParameterizedTest
  @EnumSource
  void itsChildrenAndTimeoutsAreItsOwn(Way way) throws Exception {
    way.builder()
        .run(() -> {
          Task<?> child =
              way.begin(() -> {
                async(() -> {
                  sleep(ofMillis(20));
                  trail.add("grandchild ends");
                });
                assertThrows(
                    TimeoutException.class, () -> timeout(ofMillis(5), () -> sleep(ofSeconds(1))));
                trail.add("child's body ends");
              });
          async(() -> {
            sleep(ofMillis(10));
            trail.add("another child of main ends");
          });
          child.await();
          trail.add("awaited");
        });
    trail.expect("child's body ends", "another child of main ends", "grandchild ends", "awaited");
  }

  @ParameterizedTest
  @EnumSource
  void itIsATaskOfItsOwn(Way way) {
    way.builder()
        .run(() -> {
          Task<?> main = current();
          List<Task<?>> seen = new ArrayList<>();
          Task<?> child =
              way.begin(() -> {
                seen.add(current());
                checkpoint();
                seen.add(current());
              });
          child.await();
          assertEquals(List.of(child, child), seen);
          assertSame(main, current());
        });
  }

  @ParameterizedTest
  @EnumSource
  void othersRunWhileItWaits(Way way) {
    way.builder()
        .run(() -> {
          Task<?> child =
              way.start(() -> {
                trail.add("child 1");
                checkpoint();
                trail.add("child 2");
              });
          async(
              "other",
              () -> {
                trail.add("other 1");
                checkpoint();
                trail.add("other 2");
              });
          child.await();
          trail.add("main");
        });
    trail.expect("child 1", "other 1", "child 2", "other 2", "main");
  }
}
