package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.blocking;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.gather;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeoutOr;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.process.Command;
import dev.thrum.process.Completed;
import dev.thrum.process.ExitCodeException;
import dev.thrum.process.Pipeline;
import dev.thrum.process.Subprocess;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Programs beside the loop: their streams, their options, pipelines.
@ParameterizedClass(name = "{0}")
@EnumSource
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // some waits bear interrupts
class SubprocessTest {
  private final Tidy tidy;
  private final Children before = new Children();

  @TempDir Path folder;

  SubprocessTest(Tidy tidy) {
    this.tidy = tidy;
  }

  @AfterEach
  void nothingIsLeft() {
    before.assertGone();
  }

  private static Command shell(String script) {
    return Subprocess.command("sh", "-c", script);
  }

  // The loop

  @Test
  void theLoopGoesOnWhileAProgramRuns() throws Exception {
    tidy.run(() -> {
      Task<Completed> running = async(() -> shell("read x; echo $x").run("hello\n"));
      int turns = 0;
      while (!running.isDone()) {
        checkpoint();
        turns++;
      }
      assertEquals("hello\n", await(running).stdout());
      assertTrue(turns > 10, "turns: " + turns);
    });
  }

  @Test
  void aClockThatJumpsStandsStillWhileAProgramRuns() throws Exception {
    tidy.run(() -> {
      Subprocess slow = shell("sleep 0.05; echo done").start();
      String answer = timeoutOr(ofHours(1), "too late", () -> slow.stdout().readString());
      assertEquals("done\n", answer);
      slow.close();
      sleep(ofHours(2));
    });
  }

  @Test
  void aPlainThreadCanDoAllThis() throws Exception {
    Completed completed = shell("cat; echo error >&2; exit 3").run("input");
    assertEquals("input", completed.stdout());
    assertEquals("error\n", completed.stderr());
    assertEquals(3, completed.exitCode());
    try (Subprocess cat = Subprocess.start("cat")) {
      cat.stdin().write("one\ntwo");
      cat.stdin().close();
      List<String> lines = new ArrayList<>();
      cat.stdout().lines().forEach(lines::add);
      assertEquals(List.of("one", "two"), lines);
    }
  }

  @Test
  void aPlainThreadThatIsInterruptedIsCancelledAndKeepsItsStatus() throws Exception {
    try (Subprocess sleeper = Subprocess.start("sleep", "60")) {
      FutureTask<Boolean> waiting =
          new FutureTask<>(() -> {
            assertThrows(CancellationException.class, sleeper::waitFor);
            return Thread.currentThread().isInterrupted();
          });
      Thread thread = Thread.ofPlatform().start(waiting);
      thread.interrupt();
      assertTrue(waiting.get(10, TimeUnit.SECONDS));
      assertTrue(sleeper.isAlive());
    }
  }

  @Test
  void twoLoopsMayUseOneProgram() throws Exception {
    tidy.run(() -> {
      Subprocess cat = Subprocess.start("cat");
      Task<Optional<String>> reading = async(() -> cat.stdout().readLine());
      checkpoint();
      blocking(() -> Async.run(() -> cat.stdin().write("from afar\n")));
      assertEquals(Optional.of("from afar"), await(reading));
      blocking(() -> Async.run(() -> cat.close()));
    });
  }

  // Reading

  @Test
  void aReadReturnsWhatIsThere() throws Exception {
    tidy.run(() -> {
      try (Subprocess cat = Subprocess.start("cat")) {
        cat.stdin().write("hello");
        assertEquals("he", new String(cat.stdout().read(2), StandardCharsets.UTF_8));
        assertEquals("llo", new String(cat.stdout().read(1000), StandardCharsets.UTF_8));
        Task<byte[]> reading = async(() -> cat.stdout().read(1000));
        checkpoint();
        assertFalse(reading.isDone());
        cat.stdin().close();
        assertEquals(0, await(reading).length);
        assertThrows(IllegalArgumentException.class, () -> cat.stdout().read(0));
      }
    });
  }

  @Test
  void linesEndWithOrWithoutCarriageReturnAndAtTheEnd() throws Exception {
    tidy.run(() -> {
      try (Subprocess writer =
          Subprocess.start("printf", "one\\ntwo\\r\\n\\nwith\\rinside\\nlast")) {
        List<String> lines = new ArrayList<>();
        writer.stdout().lines().forEach(lines::add);
        assertEquals(List.of("one", "two", "", "with\rinside", "last"), lines);
      }
    });
  }

  @Test
  void aLoopOverLinesThatIsLeftLosesNothing() throws Exception {
    tidy.run(() -> {
      try (Subprocess writer = Subprocess.start("seq", "5")) {
        for (String line : writer.stdout().lines()) {
          if (line.equals("2")) {
            break;
          }
        }
        assertEquals(Optional.of("3"), writer.stdout().readLine());
        assertEquals("4\n5\n", writer.stdout().readString());
        var over = writer.stdout().lines().iterator();
        assertFalse(over.hasNext());
        assertThrows(NoSuchElementException.class, over::next);
      }
    });
  }

  @Test
  void aLineOfAnyLengthAndAMillionShortOnes() throws Exception {
    tidy.run(() -> {
      try (Subprocess writer = shell("head -c 1000000 /dev/zero; echo; seq 100000").start()) {
        var lines = writer.stdout().lines().iterator();
        assertEquals(1_000_000, lines.next().length());
        for (int i = 1; i <= 100_000; i++) {
          assertEquals(Integer.toString(i), lines.next());
        }
        assertFalse(lines.hasNext());
      }
    });
  }

  @Test
  void aCancelledReadTakesNothing() throws Exception {
    tidy.run(() -> {
      try (Subprocess cat = Subprocess.start("cat")) {
        cat.stdin().write("half a ");
        Task<?> reading = async(() -> cat.stdout().readLine());
        for (int i = 0; i < 10; i++) {
          blocking(() -> Thread.sleep(1));
        }
        reading.cancel("enough");
        assertThrows(CancellationException.class, () -> await(reading));
        cat.stdin().write("line\n");
        assertEquals(Optional.of("half a line"), cat.stdout().readLine());
      }
    });
  }

  @Test
  void severalReadersGetALineEach() throws Exception {
    tidy.run(() -> {
      try (Subprocess writer = shell("read go; seq 100").start()) {
        List<String> all = new ArrayList<>();
        VoidBody<IOException> reader = () -> writer.stdout().lines().forEach(all::add);
        Task<?> first = async(reader);
        Task<?> second = async(reader);
        checkpoint();
        writer.stdin().write("go\n");
        await(first);
        await(second);
        assertEquals(100, all.stream().distinct().count());
        assertEquals(100, all.size());
      }
    });
  }

  @Test
  void aProgramThatNobodyReadsHasToWait() throws Exception {
    tidy.run(() -> {
      try (Subprocess writer = Subprocess.start("head", "-c", "3000000", "/dev/zero")) {
        for (int i = 0; i < 30; i++) {
          blocking(() -> Thread.sleep(1));
        }
        assertTrue(writer.isAlive());
        assertEquals(3_000_000, writer.stdout().readAll().length);
        assertEquals(0, writer.waitFor());
      }
    });
  }

  @Test
  void afterTheCloseReadingAndWritingAreErrors() throws Exception {
    tidy.run(() -> {
      Subprocess cat = Subprocess.start("cat");
      Task<byte[]> reading = async(() -> cat.stdout().read(1));
      checkpoint();
      cat.close();
      assertThrows(IllegalStateException.class, () -> await(reading));
      assertThrows(IllegalStateException.class, () -> cat.stdout().read(1));
      assertThrows(IllegalStateException.class, () -> cat.stdout().lines().iterator().hasNext());
      assertThrows(IllegalStateException.class, () -> cat.stdin().write("x"));
      assertThrows(IllegalStateException.class, cat::communicate);
      cat.stdin().close();
    });
  }

  // Writing

  @Test
  void whatIsWrittenIsTakenWithoutWaitingUntilTheBufferIsFull() throws Exception {
    tidy.run(() -> {
      try (Subprocess idle = Subprocess.start("sleep", "60")) {
        idle.stdin().write(new byte[100_000]);
        Task<?> writing = async(() -> idle.stdin().write(new byte[10_000_000]));
        checkpoint();
        Task<?> flushing = async(() -> idle.stdin().flush());
        for (int i = 0; i < 10; i++) {
          blocking(() -> Thread.sleep(1));
        }
        assertFalse(writing.isDone());
        assertFalse(flushing.isDone());
        writing.cancel("enough");
        flushing.cancel("enough");
      }
    });
  }

  @Test
  void aGreatDealGoesInAndComesOut() throws Exception {
    byte[] much = new byte[5_000_000];
    for (int i = 0; i < much.length; i++) {
      much[i] = (byte) (i * 31 + i / 251);
    }
    tidy.run(() -> {
      try (Subprocess cat = Subprocess.start("cat")) {
        Task<?> writing =
            async(() -> {
              for (int from = 0; from < much.length; from += 12_345) {
                cat.stdin()
                    .write(Arrays.copyOfRange(much, from, Math.min(much.length, from + 12_345)));
              }
              cat.stdin().flush();
              cat.stdin().close();
            });
        assertArrayEquals(much, cat.stdout().readAll());
        await(writing);
      }
      assertArrayEquals(much, Subprocess.command("cat").run(much).stdoutBytes());
    });
  }

  @Test
  void whatOneWriteSendsStaysTogether() throws Exception {
    String a = "a".repeat(200_000) + "\n";
    String b = "b".repeat(200_000) + "\n";
    tidy.run(() -> {
      try (Subprocess cat = Subprocess.start("cat")) {
        Task<?> writing =
            async(() -> {
              gather(() -> cat.stdin().write(a), () -> cat.stdin().write(b));
              cat.stdin().close();
            });
        assertEquals(a + b, cat.stdout().readString());
        await(writing);
      }
    });
  }

  // Options

  @Test
  void environmentAndFolder() throws Exception {
    tidy.run(() -> {
      Command command = shell("echo $ONE $TWO $(pwd -P)").directory(folder.toRealPath());
      assertEquals(
          "1 2 " + folder.toRealPath() + "\n",
          command.env("ONE", "0").env(Map.of("ONE", "1", "TWO", "2")).run().check().stdout());
      assertEquals(folder.toRealPath() + "\n", command.run().stdout());
      Command bare = Subprocess.command("/usr/bin/env").clearEnv().env("ONLY", "this");
      assertEquals("ONLY=this\n", bare.run().check().stdout());
    });
  }

  @Test
  void streamsGoWhereTheCommandSays() throws Exception {
    Path in = Files.writeString(folder.resolve("in"), "input");
    Path out = folder.resolve("out");
    tidy.run(() -> {
      Command command =
          shell("cat; echo error >&2").stdin(Redirect.from(in.toFile())).stderr(Redirect.DISCARD);
      for (int i = 0; i < 2; i++) {
        Completed completed = command.stdout(Redirect.appendTo(out.toFile())).run();
        assertEquals("", completed.stdout() + completed.stderr());
      }
      assertEquals("inputinput", Files.readString(out));
      assertEquals("inputerror\n", command.mergeStderr().run().stdout());
      try (Subprocess elsewhere = command.stdout(Redirect.DISCARD).start()) {
        String said = assertThrows(IllegalStateException.class, elsewhere::stdout).getMessage();
        assertTrue(said.endsWith("the command redirects it; without that redirect it is one"));
        assertThrows(IllegalStateException.class, elsewhere::stdin);
        assertThrows(IllegalStateException.class, elsewhere::stderr);
        assertThrows(IllegalStateException.class, () -> elsewhere.communicate("x"));
        assertEquals(0, elsewhere.communicate().exitCode());
      }
    });
  }

  @Test
  void textIsInTheCharsetOfTheCommand() throws Exception {
    tidy.run(() -> {
      Command latin = Subprocess.command("cat").charset(StandardCharsets.ISO_8859_1);
      Completed completed = latin.run("Grüße\n");
      assertEquals("Grüße\n", completed.stdout());
      assertEquals(6, completed.stdoutBytes().length);
      try (Subprocess utf16 =
          Subprocess.command("cat").charset(StandardCharsets.UTF_16LE).start()) {
        utf16.stdin().write("no lines\n");
        utf16.stdin().close();
        assertThrows(IllegalStateException.class, () -> utf16.stdout().readLine());
        assertEquals("no lines\n", utf16.stdout().readString());
      }
      assertEquals("\uFFFD\n", Subprocess.run("printf", "\\377\\n").stdout());
    });
  }

  @Test
  void aCommandIsCheckedWhenItIsMade() {
    assertThrows(IllegalArgumentException.class, () -> Subprocess.command(""));
    assertThrows(IllegalArgumentException.class, () -> Subprocess.command("a", "b\0c"));
    assertThrows(NullPointerException.class, () -> Subprocess.command("a", (String) null));
    Command command = Subprocess.command("ls", "-l");
    assertThrows(IllegalArgumentException.class, () -> command.grace(ofMillis(-1)));
    assertThrows(NullPointerException.class, () -> command.stdout(null));
    assertEquals(List.of("ls", "-l"), command.words());
    assertEquals("ls -l -a", command.with("-a").toString());
  }

  @Test
  void checkMakesAnExceptionOfAFailure() throws Exception {
    tidy.run(() -> {
      assertTrue(Subprocess.run("true").check().isSuccess());
      Completed failed = shell("seq 10000 >&2; echo the last words >&2; exit 4").run();
      ExitCodeException thrown = assertThrows(ExitCodeException.class, failed::check);
      assertEquals(4, thrown.exitCode());
      assertEquals(failed, thrown.completed());
      assertTrue(thrown.getMessage().startsWith("`sh -c seq 10000"), thrown.getMessage());
      assertTrue(thrown.getMessage().endsWith("the last words"), thrown.getMessage());
      assertTrue(thrown.getMessage().length() < 2_500);
      assertTrue(
          assertThrows(ExitCodeException.class, () -> shell("kill -9 $$").run().check())
              .getMessage()
              .endsWith("exited with 137 (128 + signal 9) and wrote nothing to stderr"));
    });
  }

  @Test
  void aProgramKnowsItsPidAndItsName() throws Exception {
    tidy.run(() -> {
      try (Subprocess shell = shell("echo $$; read x").start()) {
        assertEquals(Long.toString(shell.pid()), shell.stdout().readLine().orElseThrow());
        assertEquals("sh (pid " + shell.pid() + ")", shell.toString());
        assertEquals("sh", shell.command().words().getFirst());
      }
    });
  }

  // Pipelines

  @Test
  void aPipelineIsJoinedByTheSystem() throws Exception {
    tidy.run(() -> {
      try (Pipeline sorted =
          Subprocess.pipeline(
              Subprocess.command("cat"),
              Subprocess.command("sort", "-r"),
              Subprocess.command("head", "-2"))) {
        sorted.stdin().write("b\nc\na\n");
        sorted.stdin().close();
        List<String> lines = new ArrayList<>();
        sorted.stdout().lines().forEach(lines::add);
        assertEquals(List.of("c", "b"), lines);
        assertEquals(List.of(0, 0, 0), sorted.waitFor());
        String said =
            assertThrows(IllegalStateException.class, () -> sorted.processes().get(1).stdin())
                .getMessage();
        assertTrue(said.endsWith("it is joined to its neighbour in the pipeline"), said);
      }
    });
  }

  @Test
  void aPipelineTellsHowEachEnded() throws Exception {
    tidy.run(() -> {
      try (Pipeline pipeline =
          Subprocess.pipeline(
              shell("cat; echo first >&2; exit 1"), shell("cat; echo second >&2; exit 2"))) {
        List<Completed> ends = pipeline.communicate("input");
        assertEquals(List.of(1, 2), ends.stream().map(Completed::exitCode).toList());
        assertEquals("", ends.getFirst().stdout());
        assertEquals("input", ends.getLast().stdout());
        assertEquals(List.of("first\n", "second\n"), ends.stream().map(Completed::stderr).toList());
      }
      try (Pipeline endless =
          Subprocess.pipeline(Subprocess.command("yes"), Subprocess.command("head", "-1"))) {
        assertEquals(List.of(141, 0), endless.waitFor());
        assertEquals("y\n", endless.stdout().readString());
      }
    });
  }

  @Test
  void aPipelineStartsAsAWholeOrNotAtAll() throws Exception {
    tidy.run(() -> {
      IOException failure =
          assertThrows(
              IOException.class,
              () ->
                  Subprocess.pipeline(
                      Subprocess.command("sleep", "60"), Subprocess.command("no-such-thing")));
      assertTrue(failure.getMessage().startsWith("cannot start no-such-thing: there is no such"));
      before.assertGone();
      assertThrows(IllegalArgumentException.class, () -> Subprocess.pipeline());
      assertThrows(
          IllegalArgumentException.class,
          () ->
              Subprocess.pipeline(
                  Subprocess.command("ls").stdout(Redirect.DISCARD), Subprocess.command("cat")));
    });
  }

  @Test
  void aPipelineOfOneIsAProgram() throws Exception {
    tidy.run(() -> {
      try (Pipeline one = Subprocess.pipeline(Subprocess.command("echo", "x"))) {
        assertEquals("x\n", one.communicate().getFirst().check().stdout());
        assertEquals(OptionalInt.of(0), one.processes().getFirst().exitCode());
      }
    });
  }

  @Test
  void aTimeoutOfTheRealClockEndsAProgram() throws Exception {
    long began = System.nanoTime();
    Async.run(() ->
        assertEquals(
            "too late",
            timeoutOr(ofMillis(20), "too late", () -> Subprocess.run("sleep", "60").toString())));
    assertTrue(System.nanoTime() - began < ofSeconds(30).toNanos());
  }
}
