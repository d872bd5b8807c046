package dev.thrum.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.cli.Script.Result;
import dev.thrum.cli.Script.Running;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The verbs that look into a JVM, with a program that was started as any other.
class InspectIT {
  private static final String PROGRAM =
      """
      import static dev.thrum.Async.*;
      import static java.time.Duration.*;
      import dev.thrum.CancelledException;
      import dev.thrum.sync.Mutex;

      void main() {
        run(() -> {
          var mutex = Mutex.create("the database");
          async("holder", () -> {
            mutex.lock();
            sleep(ofDays(1));
          });
          async("patient", () -> {
            try {
              mutex.lock();
            } catch (CancelledException e) {
              IO.println("patient hears: " + e.getMessage());
              throw e;
            }
          });
          async("busy", () -> {
            while (true) {
              checkpoint();
              sleep(ofMillis(1));
            }
          });
          sleep(ofMillis(10));
          IO.println("ready");
          sleep(ofDays(1));
        });
      }
      """;

  @TempDir private static Path shared;
  private static Path thrum;

  @TempDir private Path folder;
  private Script script;
  private Running program;
  private String pid;

  @BeforeAll
  static void unpackRelease() throws Exception {
    thrum = Script.releaseIn(shared.resolve("a release"));
  }

  @BeforeEach
  void startProgram() throws Exception {
    script = Script.at(thrum, folder).with("THRUM_CACHE", "off");
    Files.writeString(folder.resolve("program.java"), PROGRAM);
    program = script.start("run", "program.java").until("ready");
    pid = Long.toString(program.pid());
  }

  @AfterEach
  void endProgram() {
    program.process().destroyForcibly();
  }

  @Test
  void psListsTheTasks() throws Exception {
    String all = ok("ps", pid);
    assertContains(all, "loop-1", "main", "holder", "patient", "busy", "the database");
    String some = ok("ps", pid, "--filter", "the database", "--loop", "loop-1");
    assertContains(some, "patient");
    assertFalse(some.contains(" main "), some);
    assertContains(ok("ps", "--limit", "1", "--sort", "name", pid), "busy", "3 more");
  }

  @Test
  void psWithoutAPidListsTheJvms() throws Exception {
    String jvms = ok("ps");
    assertTrue(
        jvms.lines().anyMatch(line -> line.strip().equals(pid + "  thrum run program.java")), jvms);
    assertFalse(jvms.contains("thrum ps"), jvms);
  }

  @Test
  void treeShowsWhoStartedWhom() throws Exception {
    assertContains(ok("tree", pid), "main", "─ holder", "─ patient");
  }

  @Test
  void topPrintsTables() throws Exception {
    String once = ok("top", "--once", "--interval", "0.1", "--sort", "steps", pid);
    assertTrue(once.lines().filter(line -> line.contains("TASK")).count() == 1, once);
    String first = once.lines().dropWhile(line -> !line.contains("TASK")).skip(1).findFirst().get();
    assertContains(first, "busy");
    String twice = ok("top", "--count", "2", "--interval", "0.1", pid);
    assertTrue(twice.lines().filter(line -> line.contains("TASK")).count() == 2, twice);
  }

  @Test
  void topEndsWithTheProgram() throws Exception {
    Running top = script.start("top", "--interval", "0.1", pid).until("busy");
    program.process().destroyForcibly().waitFor();
    Result result = top.end();
    assertEquals(1, result.status());
    assertEquals("thrum: " + pid + " has ended\n", result.err());
  }

  @Test
  void topTakesTheTerminalAndGivesItBack() throws Exception {
    Result result = script.input("sq").runOnTerminal("top", pid);
    String shown = result.out();
    assertEquals(0, result.status(), shown);
    assertTrue(shown.contains("\033[?1049h"), shown);
    assertContains(shown, "holder", "sort: cpu", "sort: steps");
    assertTrue(shown.endsWith("\033[?7h\033[?25h\033[?1049l"), shown);
  }

  @Test
  void ctrlCGivesTheTerminalBackToo() throws Exception {
    Path topPid = folder.resolve("pid");
    Running terminal =
        script.startOnTerminal(
            "sh -c 'echo $$ >\"%s\"; exec \"%s\" top %s'; echo status $?; stty -a"
                .formatted(topPid, thrum, pid));
    terminal.until("sort: cpu");
    new ProcessBuilder("kill", "-INT", Files.readString(topPid).strip()).start().waitFor();
    String shown = terminal.end().out();
    String after = shown.substring(shown.indexOf("\033[?1049l"));
    assertContains(after, "status 130", " icanon", " echo ", "susp = ^Z");
    assertFalse(after.contains("-icanon"), after);
  }

  @Test
  void dumpWritesEverythingOrAPart() throws Exception {
    assertContains(ok("dump", pid), "holder", "the database", "program.java:");
    assertContains(ok("dump", pid, "waits"), "the database", "patient");
    for (String part : new String[] {"timers", "history", "warnings", "stalls"}) {
      assertFalse(ok("dump", pid, part).isBlank(), part);
      assertTrue(ok("dump", pid, part, "--json").startsWith("{\""), part);
    }
    Path file = folder.resolve("dump.json");
    assertEquals("", ok("dump", "--json", "-o", file.toString(), pid));
    assertContains(Files.readString(file), "\"name\":\"holder\"", "\"stacks\":");
  }

  @Test
  void cancelSaysWhatItCancels() throws Exception {
    String patient = idOf("patient");
    String cancelled = ok("cancel", pid, patient, "--yes", "--reason", "enough & over");
    assertContains(cancelled, "Cancelled task " + patient + " \"patient\" of loop-1", "database");
    program.until("patient hears: enough & over");
    assertEquals(
        new Result(1, "", "thrum: there is no task " + patient + "; perhaps it has ended\n"),
        script.run("cancel", pid, patient, "--yes"));
  }

  @Test
  void cancelAsksOnATerminal() throws Exception {
    String patient = idOf("patient");
    Result no = script.input("\n").runOnTerminal("cancel", pid, patient);
    assertContains(no.out(), "Cancel task " + patient + " \"patient\"", "[y/N]", "Nothing was");
    assertEquals(1, no.status());
    Result yes = script.input("y\n").runOnTerminal("cancel", pid, patient);
    assertContains(yes.out(), "[y/N]", "Cancelled task");
    program.until("patient hears: cancelled with thrum cancel");
  }

  @Test
  void consoleIsThereAsLongAsTheProgram() throws Exception {
    Running console = script.start("console", "--no-browser", pid).until("http://");
    URI page = URI.create(Files.readString(console.out()).strip());
    try (var browser = HttpClient.newHttpClient()) {
      var response = browser.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString());
      assertEquals(200, response.statusCode(), response.body());
    }
    program.process().destroyForcibly().waitFor();
    Result result = console.end();
    assertEquals(1, result.status());
    assertEquals("thrum: " + pid + " has ended\n", result.err());
  }

  @Test
  void theProgramDoesNotNotice() throws Exception {
    ok("ps", pid);
    ok("dump", pid);
    ok("top", "--once", pid);
    program.process().destroy();
    Result result = program.end();
    assertEquals("ready\n", result.out());
    assertEquals("", result.err());
  }

  private String idOf(String task) throws Exception {
    return ok("ps", pid)
        .lines()
        .filter(line -> line.contains(" " + task + " "))
        .map(line -> line.strip().split(" ", 2)[0])
        .findFirst()
        .orElseThrow();
  }

  private String ok(String... arguments) throws Exception {
    Result result = script.run(arguments);
    assertEquals("", result.err());
    assertEquals(0, result.status());
    return result.out();
  }

  private static void assertContains(String text, String... words) {
    for (String word : words) {
      assertTrue(text.contains(word), () -> "no '" + word + "' in: " + text);
    }
  }
}
