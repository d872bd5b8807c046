package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.settle;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.process.Command;
import dev.thrum.process.Completed;
import dev.thrum.process.Pipeline;
import dev.thrum.process.Subprocess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Programs beside the loop (SP), with real ones.
@ParameterizedClass(name = "{0}")
@EnumSource
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // some waits bear interrupts
class SubprocessConformanceTest {
  private static final int TERMINATED = 128 + 15;
  private static final int KILLED = 128 + 9;
  private static final String STUBBORN = "trap '' TERM; echo ready; while :; do sleep 0.01; done";

  private final Tidy tidy;
  private final Children before = new Children();

  @TempDir Path folder;

  SubprocessConformanceTest(Tidy tidy) {
    this.tidy = tidy;
  }

  @AfterEach
  void nothingIsLeft() {
    before.assertGone();
  }

  private static Subprocess sh(String script) throws IOException {
    return Subprocess.start("sh", "-c", script);
  }

  /// A shell that leaves a program running which keeps its pipes; prints that one's pid.
  private static Subprocess parentOfSleeper() throws IOException {
    return sh("sleep 60 & echo $!; exit 7");
  }

  private static void killSleeper(String pid) {
    ProcessHandle.of(Long.parseLong(pid.strip())).ifPresent(ProcessHandle::destroyForcibly);
  }

  // SP-01

  @Test
  void sp01_communicateIgnoresAProgramThatStopsReading() throws Exception {
    tidy.run(() -> {
      Completed completed =
          Subprocess.command("sh", "-c", "head -c 3; exit 5").run("x".repeat(2_000_000));
      assertEquals(5, completed.exitCode());
      assertEquals("xxx", completed.stdout());
    });
  }

  @Test
  void sp01_anExplicitFlushTellsOfABrokenPipe() throws Exception {
    tidy.run(() -> {
      try (Subprocess deaf = sh("exec <&-; echo closed; exec sleep 60")) {
        assertEquals(Optional.of("closed"), deaf.stdout().readLine());
        IOException broken =
            assertThrows(
                IOException.class,
                () -> {
                  deaf.stdin().write("hello");
                  deaf.stdin().flush();
                });
        assertTrue(broken.getMessage().startsWith("stdin of sh (pid "), broken.getMessage());
        assertThrows(IOException.class, () -> deaf.stdin().write("more"));
        deaf.stdin().close();
      }
    });
  }

  @Test
  void sp01_aWriteToOneThatHasExitedTellsOfABrokenPipe() throws Exception {
    tidy.run(() -> {
      try (Subprocess over = Subprocess.start("true")) {
        assertEquals(0, over.waitFor());
        assertThrows(
            IOException.class,
            () -> {
              over.stdin().write("hello");
              over.stdin().flush();
            });
      }
    });
  }

  // SP-03

  @Test
  void sp03_cancellingWaitForLeavesTheProgramAlone() throws Exception {
    tidy.run(() -> {
      try (Subprocess sleeper = Subprocess.start("sleep", "60")) {
        Task<Integer> waiting = async(() -> sleeper.waitFor());
        checkpoint();
        waiting.cancel("enough");
        assertThrows(CancellationException.class, () -> await(waiting));
        assertTrue(sleeper.isAlive());
        assertEquals(OptionalInt.empty(), sleeper.exitCode());
        sleeper.kill();
        assertEquals(KILLED, sleeper.waitFor());
        assertEquals(OptionalInt.of(KILLED), sleeper.exitCode());
      }
    });
  }

  // SP-04

  @Test
  void sp04_cancellingAStartKillsAndReapsWhatItStarted() throws Exception {
    tidy.run(() -> {
      for (int cancelled = 0; cancelled < 10; ) {
        Task<Subprocess> starting = async(() -> Subprocess.start("sleep", "60"));
        checkpoint();
        starting.cancel("enough");
        try {
          await(starting).close(); // it had been started before the cancellation came
        } catch (CancellationException _) {
          cancelled++;
        }
        before.assertGone();
      }
    });
  }

  @Test
  void sp04_aStartThatIsCancelledBeforehandStartsNothing() throws Exception {
    Path trace = folder.resolve("trace");
    tidy.run(() -> {
      Task<Subprocess> starting =
          async(() -> {
            Async.current().cancel("enough");
            return Subprocess.start("touch", trace.toString());
          });
      assertThrows(CancellationException.class, () -> await(starting));
    });
    assertFalse(Files.exists(trace));
  }

  @Test
  void sp04_aStartThatFailsLeaksNothingAndSaysWhatToDo() throws Exception {
    Path script = Files.writeString(folder.resolve("script"), "echo");
    Path nowhere = folder.resolve("nowhere");
    tidy.run(() -> {
      assertFails("there is no such program on the PATH", () -> Subprocess.start("no-such-thing"));
      assertFails("there is no such file", () -> Subprocess.start(nowhere.toString()));
      assertFails("may not be executed", () -> Subprocess.start(script.toString()));
      assertFails(
          "there is no directory " + nowhere,
          () -> Subprocess.command("true").directory(nowhere).start());
      before.assertGone();
    });
  }

  private static void assertFails(String says, VoidBody<IOException> start) {
    IOException failure = assertThrows(IOException.class, start::run);
    assertTrue(failure.getMessage().startsWith("cannot start "), failure.getMessage());
    assertTrue(failure.getMessage().contains(says), failure.getMessage());
  }

  // SP-05

  @Test
  void sp05_closingEndsAProgramThatRuns() throws Exception {
    tidy.run(() -> {
      Subprocess sleeper = Subprocess.start("sleep", "60");
      sleeper.close();
      assertEquals(OptionalInt.of(TERMINATED), sleeper.exitCode());
      sleeper.close();
    });
  }

  @Test
  void sp05_endingOneThatHasExitedChangesNothing() throws Exception {
    tidy.run(() -> {
      try (LogLines log = new LogLines()) {
        Subprocess over = sh("exit 3");
        assertEquals(3, over.waitFor());
        over.terminate();
        over.kill();
        over.close();
        over.kill();
        assertEquals(OptionalInt.of(3), over.exitCode());
        assertEquals(List.of(), log.messages());
      }
    });
  }

  // SP-06

  @Test
  void sp06_whatIsInThePipeAfterTheExitCanBeReadToTheEnd() throws Exception {
    tidy.run(() -> {
      try (Subprocess writer = sh("head -c 300000 /dev/zero; echo end; echo error >&2")) {
        assertEquals(0, writer.waitFor());
        byte[] all = writer.stdout().readAll();
        assertEquals(300_004, all.length);
        assertEquals("error\n", writer.stderr().readString());
      }
    });
  }

  @Test
  void sp06_aPipeThatNobodyReadsIsEmptiedAndGivenBackAfterTheExit() throws Exception {
    tidy.run(() -> {
      Subprocess writer = sh("head -c 310000 /dev/zero");
      assertEquals(0, writer.waitFor());
      Children.assertSoon(0L, () -> threads("thrum-stdout of " + writer));
      assertEquals(310_000, writer.stdout().readAll().length);
      writer.close();
    });
  }

  @Test
  void sp06_soCanWhatIsThereAfterASignal() throws Exception {
    tidy.run(() -> {
      try (Subprocess writer = sh("echo said; exec sleep 60")) {
        assertEquals(Optional.of("said"), writer.stdout().readLine());
        writer.terminate();
        assertEquals(TERMINATED, writer.waitFor());
        assertEquals("", writer.stdout().readString());
      }
      try (Subprocess writer =
          sh("trap 'echo bye; exit 0' TERM; echo said; while :; do sleep 0.01; done")) {
        assertEquals(Optional.of("said"), writer.stdout().readLine());
        writer.terminate();
        assertEquals(0, writer.waitFor());
        assertEquals("bye\n", writer.stdout().readString());
      }
    });
  }

  // SP-07

  @Test
  void sp07_waitForDoesNotWaitForAProgramThatKeepsThePipes() throws Exception {
    tidy.run(() -> {
      try (Subprocess parent = parentOfSleeper()) {
        String sleeper = parent.stdout().readLine().orElseThrow();
        try {
          assertEquals(7, parent.waitFor());
          assertArrayEquals(new byte[0], parent.stdout().read(1));
          assertEquals("", parent.stderr().readString());
        } finally {
          killSleeper(sleeper);
        }
      }
    });
  }

  @Test
  void sp07_neitherDoesRunWhichReturnsWhatWasRead() throws Exception {
    tidy.run(() -> {
      long began = System.nanoTime();
      Completed completed = Subprocess.run("sh", "-c", "sleep 60 & echo $!; exit 7");
      killSleeper(completed.stdout());
      assertEquals(7, completed.exitCode());
      assertTrue(System.nanoTime() - began < 30_000_000_000L);
    });
  }

  @Test
  void sp07_neitherDoesCloseWhichGivesThePipesBack() throws Exception {
    tidy.run(() -> {
      Subprocess parent = parentOfSleeper();
      String sleeper = parent.stdout().readLine().orElseThrow();
      try {
        assertEquals(7, parent.waitFor());
        parent.close();
        before.assertGone();
      } finally {
        killSleeper(sleeper);
      }
    });
  }

  @Test
  void sp07_neitherDoesAWriteNorTheThreadThatMakesIt() throws Exception {
    tidy.run(() -> {
      Subprocess parent = sh("exec 3<&0; sleep 60 <&3 >/dev/null 2>&1 & echo $!; read go; exit 7");
      String sleeper = parent.stdout().readLine().orElseThrow();
      try {
        parent.stdin().write("go\n");
        parent.stdin().write(new byte[200_000]); // more than a pipe takes
        assertThrows(IOException.class, () -> parent.stdin().flush());
        assertEquals(7, parent.waitFor());
        parent.close();
        before.assertGone();
        Children.assertSoon(0L, () -> threads("thrum-stdin of " + parent));
      } finally {
        killSleeper(sleeper);
      }
    });
  }

  private static long threads(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .count();
  }

  // SP-08

  @Test
  void sp08_aSignalThatRacesWithTheExitLosesNoStatus() throws Exception {
    tidy.run(() -> {
      for (int i = 0; i < 20; i++) {
        try (Subprocess racer = sh("exit 7")) {
          Thread killer =
              Thread.ofPlatform()
                  .start(() -> {
                    while (racer.isAlive()) {
                      racer.terminate();
                    }
                    racer.kill();
                  });
          assertTrue(Set.of(7, TERMINATED).contains(racer.waitFor()));
          killer.join();
          assertEquals(OptionalInt.of(racer.waitFor()), racer.exitCode());
        }
      }
    });
  }

  // SP-09

  @Test
  void sp09_anyNumberOfTasksAndThreadsMayWait() throws Exception {
    tidy.run(() -> {
      try (Subprocess sleeper = Subprocess.start("sleep", "60")) {
        FutureTask<Integer> thread = new FutureTask<>(sleeper::waitFor);
        Thread.ofPlatform().start(thread);
        List<Task<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
          tasks.add(async(() -> sleeper.waitFor()));
        }
        checkpoint();
        sleeper.kill();
        for (Task<Integer> task : tasks) {
          assertEquals(KILLED, await(task));
        }
        assertEquals(KILLED, thread.get(10, TimeUnit.SECONDS));
      }
    });
  }

  @Test
  void sp09_oneThatASignalEndedHasTheExitCodeOfTheShell() throws Exception {
    tidy.run(() -> {
      for (int signal : new int[] {1, 9, 15}) {
        assertEquals(
            128 + signal, Subprocess.run("sh", "-c", "kill -" + signal + " $$").exitCode());
      }
    });
  }

  // SP-10

  @Test
  void sp10_allIsReadThenTheEndForEver() throws Exception {
    tidy.run(() -> {
      try (Subprocess writer = sh("echo out; echo err >&2; sleep 0.02; echo more")) {
        assertEquals("err\n", writer.stderr().readString());
        assertEquals("out\nmore\n", writer.stdout().readString());
        assertEquals(0, writer.waitFor());
        for (int i = 0; i < 2; i++) {
          assertEquals(0, writer.stdout().read(10).length);
          assertEquals(Optional.empty(), writer.stdout().readLine());
          assertEquals("", writer.stderr().readString());
        }
      }
    });
  }

  @Test
  void sp10_aPipeMayEndLongBeforeTheProgram() throws Exception {
    tidy.run(() -> {
      try (Subprocess quiet = sh("exec >&-; exec sleep 60")) {
        assertEquals("", quiet.stdout().readString());
        assertTrue(quiet.isAlive());
      }
    });
  }

  // SP-11

  @Test
  void sp11_aCancelledCommunicateKeepsWhatItReadAndTheNextOneReturnsAllOfIt() throws Exception {
    Path gate = folder.resolve("gate");
    tidy.run(() -> {
      try (Subprocess writer =
          sh(
              "cat; head -c 400000 /dev/zero; while [ ! -e "
                  + gate
                  + " ]; do sleep 0.01; done; echo end")) {
        for (int i = 0; i < 3; i++) {
          boolean first = i == 0;
          Task<Completed> communicating =
              async(() -> first ? writer.communicate("input\n") : writer.communicate());
          for (int turn = 0; turn < 20; turn++) {
            Async.blocking(() -> Thread.sleep(1));
          }
          communicating.cancel("enough");
          assertThrows(CancellationException.class, () -> await(communicating));
          assertTrue(writer.isAlive());
        }
        assertThrows(IllegalStateException.class, () -> writer.communicate("other"));
        assertThrows(IllegalStateException.class, () -> writer.stdin().write("other"));
        Files.createFile(gate);
        Completed completed = writer.communicate();
        assertEquals(
            "input\n".length() + 400_000 + "end\n".length(), completed.stdoutBytes().length);
        assertTrue(completed.stdout().startsWith("input\n"));
        assertTrue(completed.stdout().endsWith("end\n"));
        assertSame(completed, writer.communicate());
      }
    });
  }

  // SP-12

  @Test
  void sp12_aCancelledRunEndsTheProgramAndReapsIt() throws Exception {
    Path trace = folder.resolve("trace");
    tidy.run(() -> {
      String script = "touch " + trace + "; while :; do sleep 0.01; done";
      Task<Completed> running = async(() -> Subprocess.run("sh", "-c", script));
      while (!Files.exists(trace)) {
        Async.blocking(() -> Thread.sleep(1));
      }
      running.cancel("enough");
      assertThrows(CancellationException.class, () -> await(running));
      before.assertGone();
    });
  }

  @Test
  void sp12_itIsAskedToTerminateFirst() throws Exception {
    Path trace = folder.resolve("trace");
    tidy.run(() -> {
      String script = "trap 'echo asked >" + trace + "; exit 9' TERM; echo ready; ";
      Subprocess polite = sh(script + "while :; do sleep 0.01; done");
      assertEquals(Optional.of("ready"), polite.stdout().readLine());
      polite.close();
      assertEquals(OptionalInt.of(9), polite.exitCode());
      assertEquals("asked\n", Files.readString(trace));
    });
  }

  @Test
  void sp12_oneThatDoesNotTerminateIsKilledAfterTheGraceWithAWarning() throws Exception {
    tidy.run(() -> {
      try (LogLines log = new LogLines()) {
        Subprocess stubborn = Subprocess.command("sh", "-c", STUBBORN).grace(ofMillis(30)).start();
        assertEquals(Optional.of("ready"), stubborn.stdout().readLine());
        stubborn.close();
        assertEquals(OptionalInt.of(KILLED), stubborn.exitCode());
        assertEquals(1, log.messages().size());
        assertTrue(log.mentions("sh (pid " + stubborn.pid() + ") did not end within 30 ms"));
      }
    });
  }

  @Test
  void sp12_withoutAGraceItIsKilledAtOnce() throws Exception {
    tidy.run(() -> {
      try (LogLines log = new LogLines()) {
        Subprocess stubborn = Subprocess.command("sh", "-c", STUBBORN).grace(ofSeconds(0)).start();
        assertEquals(Optional.of("ready"), stubborn.stdout().readLine());
        stubborn.close();
        assertEquals(OptionalInt.of(KILLED), stubborn.exitCode());
        assertEquals(List.of(), log.messages());
      }
    });
  }

  @Test
  void sp12_closingIsNotCutShortByACancellation() throws Exception {
    tidy.run(() -> {
      Task<?> closing =
          async(() -> {
            try (LogLines _ = new LogLines();
                Subprocess stubborn =
                    Subprocess.command("sh", "-c", STUBBORN).grace(ofMillis(20)).start()) {
              stubborn.stdout().readLine();
              Async.current().cancel("enough");
              stubborn.stdout().readLine();
            }
          });
      assertThrows(CancellationException.class, () -> await(closing));
      before.assertGone();
    });
  }

  @Test
  void sp12_closingDoesNotHangOnAFullPipe() throws Exception {
    tidy.run(() -> {
      try (LogLines log = new LogLines()) {
        Subprocess endless = sh("trap 'echo bye; exit 9' TERM; while :; do echo yesyesyes; done");
        assertEquals(Optional.of("yesyesyes"), endless.stdout().readLine());
        Async.blocking(() -> Thread.sleep(20));
        endless.close();
        assertEquals(OptionalInt.of(9), endless.exitCode());
        assertEquals(List.of(), log.messages());
      }
    });
  }

  @Test
  void sp12_aPipelineIsClosedAsAWhole() throws Exception {
    tidy.run(() -> {
      Task<List<Completed>> running =
          async(() -> {
            try (Pipeline endless =
                Subprocess.pipeline(
                    Subprocess.command("yes"),
                    Subprocess.command("cat"),
                    Subprocess.command("sh", "-c", "head -1; exec sleep 60"))) {
              assertEquals(Optional.of("y"), endless.stdout().readLine());
              Async.current().cancel("enough");
              return endless.communicate();
            }
          });
      assertThrows(CancellationException.class, () -> await(running));
      before.assertGone();
    });
  }

  @Test
  void sp12_allOfAPipelineAreAskedAtOnce() throws Exception {
    tidy.run(() -> {
      try (LogLines log = new LogLines()) {
        Pipeline both = Subprocess.pipeline(endsWith("first", "last"), endsWith("last", "first"));
        assertEquals(Optional.of("ready"), both.stdout().readLine());
        both.close();
        assertEquals(
            List.of(OptionalInt.of(9), OptionalInt.of(9)),
            both.processes().stream().map(Subprocess::exitCode).toList());
        assertEquals(List.of(), log.messages());
      }
    });
  }

  /// Ends once it was asked to and has heard that the other one was asked too.
  private Command endsWith(String name, String other) {
    return Subprocess.command(
            "sh",
            "-c",
            """
            trap "touch asked-$0; until [ -e asked-$1 ]; do sleep 0.01; done; exit 9" TERM
            touch ready-$0; until [ -e ready-$1 ]; do sleep 0.01; done
            echo ready; while :; do sleep 0.01; done
            """,
            name,
            other)
        .directory(folder);
  }

  @Test
  void sp12_manyRunsLeaveNothing() throws Exception {
    tidy.run(() -> {
      for (int i = 0; i < 10; i++) {
        var _ =
            settle(
                () -> Subprocess.run("true"),
                () -> Subprocess.run("cat"),
                () -> Subprocess.command("sh", "-c", "echo x; exit 1").run().check());
      }
    });
  }
}
