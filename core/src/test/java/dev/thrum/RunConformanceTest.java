package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.background;
import static dev.thrum.Async.blocking;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.current;
import static dev.thrum.Async.shield;
import static dev.thrum.Async.sleep;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// How a run ends: by itself, by an interrupt, by Ctrl-C.
class RunConformanceTest {
  private final Trail trail = new Trail();

  // The end of a run

  @Test
  void s14_theBodyEndsThenItsChildrenThenWhatRunsInTheBackground() {
    VirtualTime.run(() -> {
      background(() -> {
        try {
          sleep(ofMinutes(10));
        } finally {
          shield(() -> sleep(ofMillis(5)));
          trail.add("background cancelled");
        }
      });
      async(() -> {
        sleep(ofMillis(10));
        trail.add("child ends");
      });
      checkpoint();
      trail.add("body ends");
    });
    trail.add("run ends");
    trail.expect("body ends", "child ends", "background cancelled", "run ends");
  }

  @Test
  void s14_theValueIsThatOfTheMainTask() throws Exception {
    assertEquals("value", VirtualTime.run(() -> "value"));
    assertNull(VirtualTime.<String, RuntimeException>run(() -> null));
    IOException boom = new IOException("boom");
    assertSame(
        boom,
        assertThrows(
            IOException.class,
            () ->
                VirtualTime.run(() -> {
                  throw boom;
                })));
  }

  @Test
  void s14_aFailureOfTheBodyCancelsTheChildrenAndWaitsForThem() {
    IOException boom = new IOException("boom");
    assertSame(
        boom,
        assertThrows(
            IOException.class,
            () ->
                VirtualTime.run(() -> {
                  async(() -> {
                    try {
                      sleep(ofMinutes(10));
                    } finally {
                      shield(() -> sleep(ofMillis(5)));
                      trail.add("child cancelled");
                    }
                  });
                  checkpoint();
                  throw boom;
                })));
    trail.expect("child cancelled");
  }

  @Test
  void ru02_whatABackgroundTaskThrowsAtTheEndGoesToTheHandlerAndNotIntoTheResult() {
    IOException broken = new IOException("cleanup failed");
    List<Throwable> heard = new ArrayList<>();
    String value =
        Runner.builder()
            .time(new VirtualTime())
            .exceptionHandler((_, e) -> heard.add(e))
            .run(() -> {
              background(() -> {
                try {
                  sleep(ofMinutes(10));
                } catch (CancelledException _) {
                  throw broken;
                }
              });
              checkpoint();
              return "value";
            });
    assertEquals("value", value);
    assertEquals(List.of(broken), heard);
  }

  @Test
  void ru02_whatASubmittedTaskThrowsAtTheEndIsKnownToWhoAsks() {
    IOException broken = new IOException("cleanup failed");
    AtomicReference<Task<?>> submitted = new AtomicReference<>();
    VirtualTime.run(() -> {
      submitted.set(
          Loop.current()
              .submit(() -> {
                try {
                  sleep(ofMinutes(10));
                } catch (CancelledException _) {
                  throw broken;
                }
              }));
      checkpoint();
      checkpoint();
    });
    assertSame(broken, assertThrows(ExecutionException.class, submitted.get()::get).getCause());
  }

  @Test
  void ru02_ifMainFailsTooTheSecondFailureIsSuppressed() {
    IOException first = new IOException("main");
    IOException second = new IOException("background");
    assertSame(
        first,
        assertThrows(
            IOException.class,
            () ->
                VirtualTime.run(() -> {
                  background(() -> {
                    try {
                      sleep(ofMinutes(10));
                    } catch (CancelledException _) {
                      throw second;
                    }
                  });
                  checkpoint();
                  throw first;
                })));
    assertEquals(List.of(second), List.of(first.getSuppressed()));
  }

  @Test
  void s14_workThatDoesNotEndIsNamedAndDoesNotHoldTheRun() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try (LogLines log = new LogLines()) {
      long began = System.nanoTime();
      assertThrows(
          IOException.class,
          () ->
              Runner.builder()
                  .cancelGrace(ofMillis(30))
                  .run(() -> {
                    CompletableFuture<String> begun = new CompletableFuture<>();
                    async(
                        "stubborn",
                        () ->
                            blocking(() -> {
                              begun.complete("");
                              while (release.getCount() > 0) {
                                try {
                                  release.await();
                                } catch (InterruptedException _) {
                                  trail.add("interrupted");
                                }
                              }
                            }));
                    await(begun);
                    throw new IOException("boom");
                  }));
      assertTrue(System.nanoTime() - began < 5_000_000_000L);
      assertTrue(log.mentions("blocking work of stubborn"), log.messages()::toString);
    } finally {
      release.countDown();
    }
    trail.expect("interrupted");
  }

  @Test
  void s14_aRunOnAVirtualThreadHasALoopOnAPlatformThreadOfItsOwn() throws Exception {
    FutureTask<String> program =
        new FutureTask<>(() ->
            Async.run(() -> {
              sleep(ofMillis(1));
              return Loop.current().engineName();
            }));
    Thread.ofVirtual().start(program);
    assertEquals(Engines.name(), program.get(10, TimeUnit.SECONDS));
  }

  @Test
  void s14_onAVirtualThreadEveryExceptionComesOutAsItIs() throws Exception {
    List<Exception> all =
        List.of(
            new IOException("checked"),
            new CompletionException("completion", new IOException("cause")),
            new ExecutionException("execution", new IOException("cause")),
            new CancellationException("a plain one"),
            new TimeoutException("timeout"));
    for (Exception one : all) {
      FutureTask<Throwable> program =
          new FutureTask<>(() -> {
            try {
              Async.run(() -> {
                throw one;
              });
              return null;
            } catch (Throwable e) {
              return e;
            }
          });
      Thread.ofVirtual().start(program);
      assertSame(one, program.get(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void s14_aMainTaskThatIsCancelledEndsInAPlainCancellation() {
    CancellationException out =
        assertThrows(
            CancellationException.class,
            () ->
                VirtualTime.run(() -> {
                  current().cancel("enough");
                  checkpoint();
                }));
    assertEquals("enough", out.getMessage());
    assertFalse(out instanceof CancelledException);
  }

  @Test
  void s14_anyNumberOfRunsOneAfterTheOtherAndSideBySide() throws Exception {
    for (int i = 0; i < 20; i++) {
      assertEquals("value", Async.run(() -> "value"));
    }
    Runner shared = Runner.builder().build();
    List<FutureTask<Loop>> programs = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      FutureTask<Loop> program =
          new FutureTask<>(() ->
              shared.run(() -> {
                sleep(ofMillis(5));
                return Loop.current();
              }));
      programs.add(program);
      Thread.ofPlatform().start(program);
    }
    assertNotSame(programs.get(0).get(), programs.get(1).get());
    for (FutureTask<Loop> program : programs) {
      assertTrue(program.get().isClosed());
    }
  }

  // Interrupts

  @Test
  void interrupt_ofTheThreadThatCalledRunCancelsMain() throws Exception {
    for (boolean virtual : new boolean[] {false, true}) {
      CountDownLatch started = new CountDownLatch(1);
      List<String> seen = new ArrayList<>();
      FutureTask<Throwable> program =
          new FutureTask<>(() -> {
            try {
              Async.run(() -> {
                async(() -> {
                  try {
                    sleep(ofMinutes(10));
                  } finally {
                    seen.add("child cancelled");
                  }
                });
                checkpoint();
                started.countDown();
                sleep(ofMinutes(10));
              });
              return null;
            } catch (Throwable e) {
              seen.add("interrupted: " + Thread.currentThread().isInterrupted());
              return e;
            }
          });
      Thread thread =
          virtual ? Thread.ofVirtual().start(program) : Thread.ofPlatform().start(program);
      started.await();
      thread.interrupt();
      Throwable out = program.get(10, TimeUnit.SECONDS);
      assertTrue(out instanceof CancellationException, () -> "virtual: " + virtual + ", " + out);
      assertTrue(out.getMessage().contains("interrupted"), out.getMessage());
      assertEquals(List.of("child cancelled", "interrupted: true"), seen);
    }
  }

  @Test
  void interrupt_thatCameBeforeRunCancelsMainToo() throws Exception {
    FutureTask<Boolean> program =
        new FutureTask<>(() -> {
          Thread.currentThread().interrupt();
          assertThrows(
              CancellationException.class,
              () ->
                  Async.run(() -> {
                    trail.add("begun");
                    sleep(ofMinutes(10));
                  }));
          return Thread.currentThread().isInterrupted();
        });
    Thread.ofPlatform().start(program);
    assertTrue(program.get(10, TimeUnit.SECONDS), "the status stays");
    trail.expect("begun");
  }

  @Test
  void interrupt_thatMainSwallowsLeavesItsValueAndTheStatus() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    FutureTask<String> program =
        new FutureTask<>(() -> {
          String value =
              Async.run(() -> {
                started.countDown();
                try {
                  sleep(ofMinutes(10));
                  return "never";
                } catch (CancelledException _) {
                  return "value";
                }
              });
          return value + " " + Thread.currentThread().isInterrupted();
        });
    Thread thread = Thread.ofPlatform().start(program);
    started.await();
    thread.interrupt();
    assertEquals("value true", program.get(10, TimeUnit.SECONDS));
  }

  // Ctrl-C

  /// What the child JVM runs: prints what happens, one line each.
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) throws Exception {
      switch (arguments[0]) {
        case "sleeps" -> say("out: " + outcome(Runner.CtrlC.ON_MAIN_THREAD, Program::sleeps));
        case "waits-in-jdk" ->
            say("out: " + outcome(Runner.CtrlC.ON_MAIN_THREAD, Program::waitsInJdk));
        case "uncaught" -> Async.run(Program::sleeps);
        case "swallows" -> say("out: " + outcome(Runner.CtrlC.ON_MAIN_THREAD, Program::swallows));
        case "stubborn" -> say("out: " + outcome(Runner.CtrlC.ON_MAIN_THREAD, Program::stubborn));
        case "cancelled-before" ->
            say("out: " + outcome(Runner.CtrlC.ON_MAIN_THREAD, Program::cancelledBefore));
        case "other-thread" -> onAnotherThread(Runner.CtrlC.ON_MAIN_THREAD);
        case "other-thread-always" -> onAnotherThread(Runner.CtrlC.ALWAYS);
        case "never" -> say("out: " + outcome(Runner.CtrlC.NEVER, Program::sleeps));
        case "after" -> {
          Async.run(() -> "a run that is over");
          say("ready");
          Thread.sleep(60_000);
          say("not reached");
        }
        default -> throw new IllegalArgumentException(arguments[0]);
      }
    }

    private static String outcome(Runner.CtrlC choice, Body<String, ?> body) {
      try {
        return Runner.builder().ctrlC(choice).run(body);
      } catch (Throwable e) {
        return e.getClass().getSimpleName() + " " + e.getMessage();
      }
    }

    private static void onAnotherThread(Runner.CtrlC choice) throws InterruptedException {
      Thread thread =
          Thread.ofPlatform().start(() -> say("out: " + outcome(choice, Program::sleeps)));
      thread.join();
    }

    private static String sleeps() {
      async(() -> {
        try {
          sleep(ofMinutes(1));
        } finally {
          shield(() -> sleep(ofMillis(5)));
          say("child cleaned up");
        }
      });
      async(() -> {
        sleep(ofMillis(1));
        say("ready");
      });
      try {
        sleep(ofMinutes(1));
      } finally {
        say("main cleaned up");
      }
      return "never";
    }

    private static String waitsInJdk() throws InterruptedException {
      say("ready");
      try {
        Thread.sleep(60_000);
      } catch (InterruptedException e) {
        say("interrupted");
        throw e;
      }
      return "never";
    }

    private static String swallows() {
      say("ready");
      try {
        sleep(ofMinutes(1));
      } catch (CancelledException e) {
        say("swallowed " + e.reason());
      }
      return "value";
    }

    private static String stubborn() {
      shield(() -> {
        say("ready");
        sleep(ofSeconds(1));
        say("ready again");
        sleep(ofMinutes(1));
      });
      return "never";
    }

    private static String cancelledBefore() {
      current().cancel("by somebody else");
      try {
        checkpoint();
      } finally {
        shield(() -> {
          say("ready");
          sleep(ofMillis(200));
        });
      }
      return "never";
    }

    @SuppressWarnings("SystemOut")
    private static void say(String line) {
      System.out.println(line);
      System.out.flush();
    }
  }

  /// A program's lines and its status.
  private record Ended(List<String> lines, int status) {}

  /// Runs the program and sends it a SIGINT for each line that says it is ready.
  private static Ended interrupted(String program) throws Exception {
    Process process = start(program);
    List<String> lines = new ArrayList<>();
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        lines.add(line);
        if (line.startsWith("ready")) {
          new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        }
      }
      assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    } finally {
      process.destroyForcibly();
    }
    return new Ended(lines, process.exitValue());
  }

  private static Process start(String program) throws Exception {
    List<String> command = new ArrayList<>();
    if (resetsSignals()) {
      // A build that runs in the background of a shell is told to ignore SIGINT, and hands that on.
      command.addAll(List.of("env", "--default-signal=INT"));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    if (Engines.confined()) {
      command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
    }
    command.add("-Dthrum.engine=" + Engines.name());
    command.add("-Dthrum.stall=0"); // its words are compared, and the machine may be slow
    command.addAll(List.of("-cp", place(Runner.class) + ":" + place(Program.class)));
    command.addAll(List.of(Program.class.getName(), program));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static Path place(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  static boolean resetsSignals() throws Exception {
    return new ProcessBuilder("env", "--default-signal=INT", "true")
            .redirectErrorStream(true)
            .start()
            .waitFor()
        == 0;
  }

  @Test
  void ru05_ctrlCCancelsMainWithItsChildrenAndRunEnds() throws Exception {
    assertEquals(
        new Ended(
            List.of(
                "ready",
                "main cleaned up",
                "child cleaned up",
                "out: CancellationException " + Runner.CTRL_C_REASON),
            0),
        interrupted("sleeps"));
  }

  @Test
  void ru05_ctrlCInterruptsAWaitOfTheJdk() throws Exception {
    assertEquals(
        new Ended(
            List.of("ready", "interrupted", "out: CancellationException " + Runner.CTRL_C_REASON),
            0),
        interrupted("waits-in-jdk"));
  }

  @Test
  void ru05_anUncaughtCtrlCEndsTheProgramWithAnError() throws Exception {
    Ended ended = interrupted("uncaught");
    assertEquals(1, ended.status);
    assertTrue(
        ended.lines.stream()
            .anyMatch(line ->
                line.contains("CancellationException") && line.contains(Runner.CTRL_C_REASON)),
        ended.lines::toString);
  }

  @Test
  void ru05_aMainThatSwallowsItReturnsItsValue() throws Exception {
    assertEquals(
        new Ended(List.of("ready", "swallowed " + Runner.CTRL_C_REASON, "out: value"), 0),
        interrupted("swallows"));
  }

  @Test
  void ru05_aMainThatWasCancelledBySomebodyElseStaysSo() throws Exception {
    assertEquals(
        new Ended(List.of("ready", "out: CancellationException by somebody else"), 0),
        interrupted("cancelled-before"));
  }

  @Test
  void ru05_theSecondCtrlCHalts() throws Exception {
    assertEquals(new Ended(List.of("ready", "ready again"), 130), interrupted("stubborn"));
  }

  @Test
  void ru05_whoAskedForItGetsCtrlCOnAnyThread() throws Exception {
    assertEquals(
        new Ended(
            List.of(
                "ready",
                "main cleaned up",
                "child cleaned up",
                "out: CancellationException " + Runner.CTRL_C_REASON),
            0),
        interrupted("other-thread-always"));
  }

  @Test
  void ru05_elsewhereCtrlCEndsTheProgramAsEver() throws Exception {
    assertEquals(new Ended(List.of("ready"), 130), interrupted("other-thread"));
    assertEquals(new Ended(List.of("ready"), 130), interrupted("never"));
  }

  @Test
  void ru05_afterTheRunCtrlCIsWhatItWasBefore() throws Exception {
    assertEquals(new Ended(List.of("ready"), 130), interrupted("after"));
  }
}
