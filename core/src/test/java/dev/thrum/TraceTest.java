package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.background;
import static dev.thrum.Async.blocking;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.supervise;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.thrum.channel.Channel;
import dev.thrum.inspect.Trace;
import dev.thrum.internal.Warnings;
import dev.thrum.sync.Mutex;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Trace files, read as a viewer reads them.
class TraceTest {
  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("trace.json");
  }

  private ParsedTrace trace(Runner.Builder runner, VoidBody<Exception> body) throws Exception {
    try (Trace trace = Trace.to(file())) {
      runner.instrument(trace).run(body);
    }
    return ParsedTrace.read(file());
  }

  @Test
  void aTaskIsASliceForEachStep() throws Exception {
    ParsedTrace trace =
        trace(
            Runner.builder().name("shop").time(new VirtualTime()),
            () -> {
              Mutex till = Mutex.create("till");
              var customer =
                  async(
                      "customer",
                      () -> {
                        checkpoint();
                        sleep(ofSeconds(1));
                        till.withLock(() -> {});
                      });
              till.withLock(() -> sleep(ofSeconds(2)));
              await(customer);
            });
    assertEquals(
        List.of(
            "lets others run",
            "waits for the end of a sleep",
            "waits for mutex till, held by task main",
            "succeeded"),
        trace.story("customer"));
    assertEquals(
        List.of("spawn main -> customer", "wake main -> customer"), trace.arrowsTo("customer"));
    assertEquals(List.of("wake customer -> main"), trace.arrowsTo("main"));
    assertEquals(List.of("customer succeeded", "main succeeded"), trace.markNames());
    assertTrue(trace.tracks.containsValue("shop (" + Engines.name() + ")"), trace.tracks::toString);
    ParsedTrace.Slice second = trace.steps("customer").get(2);
    assertEquals(
        1_000_000,
        second.begin().doubleValue() - trace.steps("main").getFirst().begin().doubleValue(),
        1);
  }

  @Test
  void arrowsTellWhoCancelled() throws Exception {
    ParsedTrace trace =
        trace(
            Runner.builder(),
            () ->
                supervise(s -> {
                  var sleeper = s.async("sleeper", () -> sleep(ofSeconds(100)));
                  s.async(
                      "canceller",
                      () -> {
                        checkpoint();
                        sleeper.cancel("enough");
                      });
                }));
    assertEquals(
        List.of("spawn main -> sleeper", "cancel canceller -> sleeper"), trace.arrowsTo("sleeper"));
    assertEquals(List.of("waits for the end of a sleep", "cancelled"), trace.story("sleeper"));
  }

  @Test
  void whatOthersWakeHasNoArrow() throws Exception {
    ParsedTrace trace =
        trace(
            Runner.builder(),
            () -> {
              async("sleeper", () -> sleep(ofMillis(1)));
              async("worker", () -> blocking(() -> {}));
            });
    assertEquals(List.of("spawn main -> sleeper"), trace.arrowsTo("sleeper"));
    assertEquals(List.of("spawn main -> worker"), trace.arrowsTo("worker"));
    assertEquals("waits for the end of its children", trace.story("main").getFirst());
  }

  @Test
  void namesAndFailuresMayHaveAnyCharacter() throws Exception {
    String name = "a \"b\" \\ \n\t\u0001 ü 😀 \ud800 </script>";
    ParsedTrace trace =
        trace(
            Runner.builder().exceptionHandler((_, _) -> {}),
            () ->
                assertThrows(
                    IOException.class,
                    () ->
                        scope(s -> {
                          s.async(
                              name,
                              () -> {
                                throw new IOException("not \"here\"");
                              });
                        })));
    String shown = "a \"b\" \\ \n\t\u0001 ü 😀 \ufffd </script>";
    assertEquals(List.of("failed: java.io.IOException: not \"here\""), trace.story(shown));
    assertTrue(
        trace.markNames().contains(shown + " failed: java.io.IOException: not \"here\""),
        trace.markNames()::toString);
  }

  @Test
  void oneFileServesManyLoops() throws Exception {
    try (Trace trace = Trace.to(file())) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Runner runner = Runner.builder().name("loop " + i).instrument(trace).build();
        threads.add(Thread.ofPlatform().start(() -> runner.run(TraceTest::talk)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
    ParsedTrace trace = ParsedTrace.read(file());
    assertEquals(3, trace.slices.stream().map(ParsedTrace.Slice::track).distinct().count());
    assertTrue(trace.arrows.size() > 3 * 200, () -> trace.arrows.size() + " arrows");
    assertEquals(3, trace.markNames().stream().filter("main succeeded"::equals).count());
  }

  private static void talk() {
    Channel<Integer> channel = Channel.rendezvous();
    scope(s -> {
      s.async(
          "sender",
          () -> {
            for (int i = 0; i < 200; i++) {
              channel.send(i);
            }
            channel.close();
          });
      s.async(
          "receiver",
          () -> {
            for (int i = 0; i < 200; i++) {
              channel.receive();
            }
          });
    });
  }

  @Test
  void itCanBeginAndEndInTheMiddle() throws Exception {
    Runner.builder()
        .run(() -> {
          scope(s -> {
            for (int i = 0; i < 10; i++) {
              s.async(() -> {
                for (int j = 0; j < 50; j++) {
                  checkpoint();
                }
              });
            }
            checkpoint();
            Trace trace = Trace.to(file());
            Loop.current().attach(trace);
            for (int i = 0; i < 10; i++) {
              checkpoint();
            }
            trace.close();
          });
        });
    ParsedTrace trace = ParsedTrace.read(file());
    assertTrue(trace.slices.size() > 50, () -> trace.slices.size() + " slices");
  }

  @Test
  void aFileThatIsTooLongTakesNoMore() throws Exception {
    List<String> heard = new CopyOnWriteArrayList<>();
    Runnable deaf = listen(heard);
    try (Trace trace = Trace.to(file(), 1_000_000)) {
      Runner.builder()
          .instrument(trace)
          .run(() -> {
            while (heard.isEmpty()) {
              checkpoint();
            }
            for (int i = 0; i < 10_000; i++) {
              checkpoint();
            }
          });
    } finally {
      deaf.run();
    }
    assertEquals(
        List.of(file() + ": the trace ends here: it is longer than 1 MB; the program goes on"),
        heard);
    assertTrue(Files.size(file()) < 1_200_000);
    ParsedTrace trace = ParsedTrace.read(file());
    assertEquals(List.of("the trace ends here: it is longer than 1 MB"), trace.markNames());
  }

  /// Hears of what is said about the files of this test.
  private Runnable listen(List<String> heard) {
    return Warnings.listen(message -> {
      if (message.startsWith(folder.toString())) {
        heard.add(message);
      }
    });
  }

  /// A pipe that is not read stands in for the disk.
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aSlowDiskCostsStepsAndNoTime() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    List<String> heard = new CopyOnWriteArrayList<>();
    Runnable deaf = listen(heard);
    var read = new StringBuilder();
    var finished = new java.util.concurrent.CountDownLatch(1);
    Thread reader =
        Thread.ofPlatform()
            .start(() -> {
              try (InputStream in = Files.newInputStream(pipe)) {
                finished.await();
                read.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
              } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    try (Trace trace = Trace.to(pipe)) {
      Runner.builder()
          .instrument(trace)
          .run(() -> {
            for (int i = 0; i < 120_000; i++) {
              checkpoint();
            }
          });
      finished.countDown();
    } finally {
      deaf.run();
    }
    reader.join();
    assertEquals(1, heard.size());
    assertTrue(
        heard
            .getFirst()
            .matches(".*: \\d+ steps are missing: they came faster than the file took them"),
        heard::getFirst);
    ParsedTrace trace = ParsedTrace.parse(read.toString());
    assertTrue(trace.slices.size() < 100_000, () -> trace.slices.size() + " slices");
    assertTrue(heard.getFirst().endsWith(trace.markNames().getLast()), trace.markNames()::toString);
  }

  @Test
  void aFileThatCannotBeWrittenIsRefused() {
    assertRefused(
        folder.resolve("none/trace.json"), "there is no folder " + folder.resolve("none"));
    assertRefused(folder, "it is a folder");
  }

  private static void assertRefused(Path path, String reason) {
    IOException refused = assertThrows(IOException.class, () -> Trace.to(path));
    assertEquals("cannot write the trace " + path + ": " + reason, refused.getMessage());
  }

  // Programs of their own

  /// Started in a JVM of its own.
  static final class Program {
    public static void main(String[] args) throws Exception {
      Async.run(() -> {
        async("child", () -> sleep(ofMillis(1)));
        sleep(ofMillis(2));
        switch (args[0]) {
          case "exit" -> System.exit(0);
          case "wait" -> {
            System.out.println("waits");
            sleep(ofSeconds(100));
          }
          default -> {}
        }
      });
    }
  }

  private Process start(Path trace, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    if (Engines.confined()) {
      command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
    }
    command.add("-Dthrum.engine=" + Engines.name());
    command.add("-Dthrum.trace=" + trace);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Program.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private String outputOf(Process process) throws Exception {
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    return output;
  }

  private ParsedTrace readOf(Process process) throws Exception {
    String text = Files.readString(file());
    return ParsedTrace.parse(
        text.replace("\"pid\":" + process.pid(), "\"pid\":" + ProcessHandle.current().pid()));
  }

  @Test
  void aPropertyTracesTheWholeProgram() throws Exception {
    Process process = start(file(), "end");
    assertEquals("", outputOf(process));
    ParsedTrace trace = readOf(process);
    assertEquals(List.of("spawn main -> child"), trace.arrowsTo("child"));
    assertEquals("succeeded", trace.story("main").getLast());
  }

  @Test
  void anExitClosesTheFile() throws Exception {
    Process process = start(file(), "exit");
    assertEquals("", outputOf(process));
    assertEquals(List.of("spawn main -> child"), readOf(process).arrowsTo("child"));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void ctrlCClosesTheFile() throws Exception {
    Process process = start(file(), "wait");
    try (var reader = process.inputReader()) {
      assertEquals("waits", reader.readLine());
      assertEquals(
          0, new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor());
      assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    }
    assertEquals("cancelled", readOf(process).story("main").getLast());
  }

  @Test
  void aCrashLeavesAllButTheEnd() throws Exception {
    Process process = start(file(), "wait");
    while (!Files.exists(file()) || !Files.readString(file()).contains("child succeeded")) {
      Thread.onSpinWait();
    }
    process.destroyForcibly().waitFor();
    String text = Files.readString(file());
    assertFalse(text.endsWith("]\n"));
    Files.writeString(file(), text + "\n]");
    assertEquals(List.of("spawn main -> child"), readOf(process).arrowsTo("child"));
  }

  @Test
  void aPropertyThatCannotBeFollowedEndsTheProgramFirst() throws Exception {
    String output = outputOf(start(folder.resolve("none/trace.json"), "end"));
    assertTrue(
        output.startsWith(
            "Exception in thread \"main\" java.lang.IllegalStateException: cannot write the"
                + " trace "),
        output);
  }

  @Test
  void aTraceKeepsNoTaskAliveThatHasLedToWhatRuns() throws Exception {
    trace(
        Runner.builder(),
        () -> {
          Channel<String> there = Channel.rendezvous();
          Channel<String> back = Channel.rendezvous();
          background(() -> {
            while (true) {
              back.send(there.receive());
            }
          });
          WeakReference<Task<?>> first = new WeakReference<>(async(() -> there.send("")));
          back.receive();
          for (int i = 1; i < 50; i++) {
            there.send("");
            back.receive();
            if (i > 10) {
              System.gc();
              if (first.refersTo(null)) {
                return;
              }
            }
          }
          fail("the task that began it is still there");
        });
  }
}
