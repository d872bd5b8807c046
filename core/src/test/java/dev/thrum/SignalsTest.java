package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.blocking;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeout;
import static java.time.Duration.ofMinutes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.internal.SignalHandlers;
import dev.thrum.process.Signals;
import dev.thrum.process.Subprocess;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Signals of the system, sent to this JVM. Below every receiver is a handler of the test's own, as
/// the JVM's would end it.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SignalsTest {

  /// The handler that was there before all others: sun.misc.Signal, without a warning of javac.
  private static final class Base implements AutoCloseable {
    private static final Class<?> SIGNAL = type("sun.misc.Signal");
    private static final Class<?> HANDLER = type("sun.misc.SignalHandler");

    final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final Object signal;
    private final Object before;

    Base(String name) throws ReflectiveOperationException {
      signal = SIGNAL.getConstructor(String.class).newInstance(name);
      before =
          handle(
              signal,
              Proxy.newProxyInstance(
                  HANDLER.getClassLoader(),
                  new Class<?>[] {HANDLER},
                  (proxy, method, _) ->
                      switch (method.getName()) {
                        case "handle" -> {
                          heard.add(name);
                          yield null;
                        }
                        case "hashCode" -> 0;
                        case "equals" -> false;
                        default -> "the test's handler of " + name;
                      }));
    }

    private static Class<?> type(String name) {
      try {
        return Class.forName(name);
      } catch (ClassNotFoundException e) {
        throw new AssertionError(e);
      }
    }

    static Object handle(Object signal, Object handler) throws ReflectiveOperationException {
      Method handle = SIGNAL.getMethod("handle", SIGNAL, HANDLER);
      return handle.invoke(null, signal, handler);
    }

    String next() throws InterruptedException {
      return heard.poll(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws ReflectiveOperationException {
      var _ = handle(signal, before);
    }
  }

  private static void raise(String name) {
    SignalHandlers.raise(name);
  }

  @Test
  void aTaskReceivesWhatAnotherProgramSends() throws Exception {
    try (var _ = new Base("HUP");
        var _ = new Base("USR2")) {
      VirtualTime.run(() -> {
        try (Signals signals = Signals.receive("HUP", "SIGUSR2")) {
          String pid = Long.toString(ProcessHandle.current().pid());
          for (String name : List.of("USR2", "HUP", "USR2")) {
            Task<String> receiving = async(() -> signals.next());
            checkpoint();
            assertFalse(receiving.isDone());
            Subprocess.run("kill", "-" + name, pid).check();
            assertEquals(name, await(receiving));
          }
        }
      });
    }
  }

  @Test
  void aClockThatJumpsStandsStillWhileASignalIsWaitedFor() throws Exception {
    try (var _ = new Base("HUP")) {
      VirtualTime.run(() -> {
        try (Signals signals = Signals.receive("HUP")) {
          Thread sender =
              Thread.ofPlatform()
                  .start(() -> {
                    java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
                    raise("HUP");
                  });
          assertEquals("HUP", timeout(ofMinutes(1), () -> signals.next()));
          blocking(() -> sender.join());
        }
      });
    }
  }

  @Test
  void aLoopOverSignalsEndsWithTheClose() throws Exception {
    try (var _ = new Base("HUP")) {
      VirtualTime.run(() -> {
        Signals signals = Signals.receive("HUP");
        List<String> heard = new ArrayList<>();
        Task<?> receiving =
            async(() -> {
              for (String name : signals) {
                heard.add(name);
                if (heard.size() < 3) {
                  raise(name);
                } else {
                  signals.close();
                }
              }
            });
        raise("HUP");
        await(receiving);
        assertEquals(List.of("HUP", "HUP", "HUP"), heard);
        assertThrows(IllegalStateException.class, signals::next);
        assertFalse(signals.iterator().hasNext());
        signals.close();
      });
    }
  }

  @Test
  void theOneThatWasOpenedLastGetsItInWhateverOrderTheyAreClosed() throws Exception {
    try (Base base = new Base("USR2")) {
      Async.run(() -> {
        Signals first = Signals.receive("USR2");
        Signals second = Signals.receive("USR2");
        Signals third = Signals.receive("USR2");
        raise("USR2");
        assertEquals("USR2", third.next());
        second.close();
        raise("USR2");
        assertEquals("USR2", third.next());
        third.close();
        raise("USR2");
        assertEquals("USR2", first.next());
        first.close();
        raise("USR2");
        assertEquals("USR2", blocking(base::next));
        assertEquals(0, base.heard.size());
      });
    }
  }

  @Test
  void oneThatWasNotTakenGoesToWhoIsNext() throws Exception {
    try (Base base = new Base("USR2")) {
      Async.run(() -> {
        Signals outer = Signals.receive("USR2");
        try (Signals inner = Signals.receive("USR2")) {
          raise("USR2");
          awaitPending(inner);
        }
        assertEquals("USR2", outer.next());
        raise("USR2");
        awaitPending(outer);
        outer.close();
        assertEquals("USR2", blocking(base::next));
      });
    }
  }

  private static void awaitPending(Signals signals) {
    Children.assertSoon(true, () -> signals.toString().endsWith(", of which USR2 has come"));
  }

  @Test
  void eachGoesToOneOfThoseWhoWait() throws Exception {
    try (var _ = new Base("HUP");
        var _ = new Base("USR2")) {
      Async.run(() -> {
        try (Signals signals = Signals.receive("HUP", "USR2")) {
          FutureTask<String> thread = new FutureTask<>(signals::next);
          Thread.ofPlatform().start(thread);
          Task<String> task = async(() -> signals.next());
          checkpoint();
          raise("HUP");
          raise("USR2");
          List<String> names = new ArrayList<>(List.of(await(task), blocking(() -> thread.get())));
          names.sort(null);
          assertEquals(List.of("HUP", "USR2"), names);
        }
      });
    }
  }

  @Test
  void aCancelledWaitLosesNoSignal() throws Exception {
    try (var _ = new Base("HUP")) {
      Async.run(() -> {
        try (Signals signals = Signals.receive("HUP")) {
          Task<String> waiting = async(() -> signals.next());
          checkpoint();
          waiting.cancel("enough");
          assertThrows(CancellationException.class, () -> await(waiting));
          raise("HUP");
          assertEquals("HUP", signals.next());
        }
      });
    }
  }

  @Test
  void aHandlerThatSomebodyElseSetMeanwhileStays() throws Exception {
    try (var _ = new Base("HUP")) {
      Signals signals = Signals.receive("HUP");
      try (Base stranger = new Base("HUP")) {
        signals.close();
        raise("HUP");
        assertEquals("HUP", stranger.next());
      }
    }
  }

  @Test
  void whatCannotBeReceivedIsAnErrorThatSaysSo() throws Exception {
    assertSays("there is no signal NONSENSE on this system", "NONSENSE");
    assertSays("signal KILL cannot be received", "KILL");
    assertSays("signal SEGV cannot be received", "SEGV");
    assertSays("name at least one signal");
    try (Base base = new Base("HUP")) {
      assertSays("there is no signal NONSENSE", "HUP", "NONSENSE");
      raise("HUP");
      assertEquals("HUP", base.next(), "what was begun is taken back");
    }
  }

  private static void assertSays(String start, String... names) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Signals.receive(names)).getMessage();
    assertTrue(message.startsWith(start), message);
  }

  @Test
  void ru05_ofSeveralRunsTheOneThatBeganLastGetsCtrlC() throws Exception {
    try (Base base = new Base("INT")) {
      Run first = new Run();
      Run second = new Run();
      Run third = new Run();
      second.end();
      raise("INT");
      assertEquals(Runner.CTRL_C_REASON, third.outcome());
      raise("INT");
      assertEquals(Runner.CTRL_C_REASON, first.outcome());
      assertEquals("ended", second.outcome());
      raise("INT");
      assertEquals("INT", base.next());
    }
  }

  @Test
  void aReceiverOfIntTakesCtrlCFromTheRun() throws Exception {
    try (var _ = new Base("INT")) {
      Runner.builder()
          .ctrlC(Runner.CtrlC.ALWAYS)
          .run(() -> {
            try (Signals signals = Signals.receive("INT")) {
              for (int i = 0; i < 3; i++) {
                raise("INT");
                assertEquals("INT", signals.next());
              }
            }
            raise("INT");
            assertEquals(
                Runner.CTRL_C_REASON,
                assertThrows(CancelledException.class, () -> sleep(ofMinutes(1))).reason());
          });
    }
  }

  /// A run on a thread of its own that waits until it is ended or cancelled.
  private static final class Run {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final FutureTask<String> outcome = new FutureTask<>(this::run);
    private volatile Loop loop;
    private volatile boolean ended;

    Run() throws InterruptedException {
      Thread.ofPlatform().start(outcome);
      begun.await();
    }

    private String run() {
      try {
        return Runner.builder()
            .ctrlC(Runner.CtrlC.ALWAYS)
            .run(() -> {
              loop = Loop.current();
              begun.countDown();
              while (!ended) {
                sleep(java.time.Duration.ofMillis(1));
              }
              return "ended";
            });
      } catch (CancellationException e) {
        return e.getMessage();
      }
    }

    void end() throws Exception {
      ended = true;
      assertEquals("ended", outcome());
      assertTrue(loop.isClosed());
    }

    String outcome() throws Exception {
      return outcome.get(10, TimeUnit.SECONDS);
    }
  }
}
