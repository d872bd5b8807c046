package dev.thrum.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every program in `examples/`, run as its reader would: by the JDK's source launcher, in a
/// process of its own, on the engine that this test run is for.
///
/// Slow, because each program is compiled when it starts, and because some show what real time
/// does.
@Tag("slow")
class ExamplesTest {
  private static final Path EXAMPLES =
      Path.of(System.getProperty("basedir", "."), "..", "examples").normalize();

  /// How a program ended, with what it printed.
  private record Ended(int status, List<String> out, String err) {}

  @TempDir Path folder;
  private Path site;
  private HttpServer server;
  private String path;
  private final CountDownLatch over = new CountDownLatch(1);

  @AfterEach
  void stopServer() {
    over.countDown();
    if (server != null) {
      server.stop(0);
    }
  }

  @Test
  void everyExampleIsTested() throws Exception {
    try (var files = Files.list(EXAMPLES)) {
      assertEquals(
          List.of(
              "chat.java",
              "crash.java",
              "gather.java",
              "hello.java",
              "linkcheck.java",
              "pages.java",
              "philosophers.java",
              "pipeline.java",
              "producer.java",
              "race.java",
              "talk.java",
              "timeout.java",
              "workers.java"),
          files
              .filter(Files::isRegularFile) // a folder has tests of its own
              .map(file -> file.getFileName().toString())
              .sorted()
              .toList());
    }
  }

  @Test
  void helloSaysTwoLines() throws Exception {
    assertEquals(List.of("Coroutine started", "Coroutine finished"), run("hello").out);
  }

  @Test
  void gatherOverlapsAndKeepsTheOrder() throws Exception {
    var out = run("gather").out;
    assertEquals(List.of("fetched sport", "fetched weather", "fetched news"), out.subList(0, 3));
    assertTrue(out.getLast().startsWith("[news, weather, sport] after 0."), out.toString());
  }

  @Test
  void timeoutArrivesAfterTheCleanup() throws Exception {
    assertEquals(
        List.of("editing", "draft saved", "gave up: timed out after 300 ms"), run("timeout").out);
  }

  @Test
  void crashCancelsTheSiblingsOfAScopeAndOnlyOfAScope() throws Exception {
    var ended = run("crash");
    var failure = "java.io.IOException: no road to the east";
    assertEquals(
        List.of(
            "scope:",
            "  north cancelled: child east failed: " + failure,
            "  south cancelled: child east failed: " + failure,
            "  caught " + failure,
            "supervise:",
            "  east failed: " + failure,
            "  north done",
            "  south done"),
        ended.out);
    assertTrue(ended.err.contains(failure + "\n\tat crash.crash(crash.java:"), ended.err);
  }

  @Test
  void philosophersAreToldOfTheCircleAndThenEat() throws Exception {
    assertEquals(
        List.of(
            "left fork first:",
            "  Laozi waits for mutex fork 0, held by task Plato",
            "  Plato waits for mutex fork 1, held by task Hypatia",
            "  Hypatia waits for mutex fork 2, held by task Kant",
            "  Kant waits for mutex fork 3, held by task Arendt",
            "  Arendt waits for mutex fork 4, held by task Laozi",
            "  Arendt eats",
            "  Kant eats",
            "  Hypatia eats",
            "  Plato eats",
            "lower fork first:",
            "  Arendt eats",
            "  Kant eats",
            "  Hypatia eats",
            "  Plato eats",
            "  Laozi eats"),
        run("philosophers").out);
  }

  @Test
  void producersEndWithTheWork() throws Exception {
    var out = run("producer").out;
    assertEquals("clock stopped", out.getLast());
    assertEquals(3, out.stream().filter(line -> line.startsWith("job ")).count(), out.toString());
    assertTrue(out.stream().filter("sensor started"::equals).count() > 1, out.toString());
  }

  @Test
  void pagesAreLoadedAsTheyAreUsedAndTheSessionIsClosed() throws Exception {
    assertEquals(
        List.of(
            "page 1 loaded",
            "  Emma",
            "  Persuasion",
            "page 2 loaded",
            "  Middlemarch",
            "session closed",
            "3 books, 2 pages loaded"),
        run("pages").out);
  }

  @Test
  void inTheChatASlowReaderMissesLinesAndNobodyElse() throws Exception {
    assertEquals(
        """
        ada reads in the kitchen: ada joins
        bob reads in the kitchen: bob joins
        fay reads in the garden: fay joins
        eve reads in the garden: eve joins
        ada reads in the kitchen: bob joins
        fay reads in the garden: eve joins
        ada reads in the kitchen: cook: tea is ready
        ada reads in the kitchen: cook: who wants cake?
        ada reads in the kitchen: cook: the last piece!
        bob missed 2 lines
        bob reads in the kitchen: cook: the last piece!
        ada reads in the kitchen: cook: gone
        fay reads in the garden: gardener: mind the roses
        eve reads in the garden: gardener: mind the roses
        fay reads in the garden: eve leaves
        1 in the garden
        fay finds the garden closed
        ada finds the kitchen closed
        bob reads in the kitchen: cook: gone
        bob finds the kitchen closed
        """
            .lines()
            .toList(),
        run("chat").out);
  }

  @Test
  void theRaceForTheLastTicketIsFoundAndExplained() throws Exception {
    var out = run("race").out;
    assertEquals("java.lang.IllegalStateException: sold one ticket twice", out.getFirst());
    assertTrue(
        out.stream().anyMatch(line -> line.startsWith("it fails because step 1 of bob [2] goes")),
        out.toString());
    assertTrue(out.stream().anyMatch(line -> line.contains("@Replay(\"thrum1 ")), out.toString());
    assertTrue(out.getLast().startsWith("passed (exhaustive: "), out.toString());
  }

  @Test
  void guestsTalkOverTcp() throws Exception {
    assertEquals(
        List.of(
            "ada reads: bob joins",
            "bob reads: ada: Hello, who is there?",
            "ada reads: bob: Only me.",
            "ada reads: bob leaves",
            "a second ada reads: Your name? That name is taken. Good-bye."),
        run("talk").out);
  }

  @Test
  void whatIsNoPortIsSaidToBeNone() throws Exception {
    for (String port : List.of("abc", "99999", "-1")) {
      var ended = run(2, "talk", port);
      assertEquals("talk: " + port + " is no port; give a number from 1 to 65535\n", ended.err);
    }
  }

  @Test
  void workersHoldTheProducersBackAndEndWithTheWork() throws Exception {
    var ended = run("workers", "40");
    assertEquals(List.of("40 jobs done, 0 not begun", "the producers had to wait"), ended.out);
    assertTrue(ended.err.contains(" jobs done, 8 in the queue\n"), ended.err);
  }

  @Test
  void workersFinishWhatTheyHaveInHandAtCtrlC() throws Exception {
    Path out = folder.resolve("out");
    var command = command("workers", "100000");
    if (resetsSignals()) {
      command.addAll(0, List.of("env", "--default-signal=INT"));
    }
    Process process = new ProcessBuilder(command).redirectOutput(out.toFile()).start();
    try (var progress = process.errorReader(UTF_8)) {
      var line = progress.readLine();
      while (line != null && !line.endsWith(" jobs done, 8 in the queue")) {
        line = progress.readLine();
      }
      new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
      progress.lines().forEach(_ -> {});
      assertTrue(process.waitFor(50, TimeUnit.SECONDS), "workers still run");
    } finally {
      process.destroyForcibly();
    }
    assertEquals(130, process.exitValue());
    var lines = Files.readAllLines(out);
    assertTrue(lines.getFirst().endsWith(" jobs done, 8 not begun"), lines::toString);
    assertEquals("the producers had to wait", lines.getLast());
  }

  @Test
  void linkcheckFindsWhatIsBrokenAndNothingElse() throws Exception {
    page(
        "index.html",
        """
        <title><a href="in-title.html"></title> <!-- <a href="in-comment.html"> -->
        <script>'<a href="in-script.html">'</script>
        <a href="sub">fine</a> <a href="sub/page.html#there">fine</a> <a href="#top">fine</a>
        <a href="sub/page.html?x=1&amp;y=2#caf%C3%A9">fine</a> <a href="with space.html">fine</a>
        <a href='gone.html'>broken</a> <a href=sub/page.html#nowhere>broken</a>
        <a title="a > b" href="gone.html">broken</a> <img srcset="a.png, b.png 2x">
        <a href="http://">malformed</a> <a href="100%.html">malformed</a>
        <a href="mailto:somebody@localhost">mail</a> <a href="https://example.org/">outside</a>
        """);
    page("with space.html", "");
    page("sub/index.html", "<a href='../index.html'>fine</a>");
    page("sub/page.html", "<meta charset=utf-8><a name=there></a><p id='café'><base href='../'>");
    var ended = run(1, "linkcheck", site.toString());
    assertEquals(
        """
        100%.html: malformed, Malformed escape pair
            index.html:7
        a.png: HTTP status 404
            index.html:6
        b.png: HTTP status 404
            index.html:6
        gone.html: HTTP status 404
            index.html:5
            index.html:6
        http://: malformed, Expected authority
            index.html:7
        sub/page.html#nowhere: no such id in that page
            index.html:5
        6 pages, 10 addresses, 16 links, 7 broken
        not checked: 1 links to other sites, 1 mailto and such\
        """,
        String.join("\n", ended.out.subList(0, 15)));
  }

  @Test
  void linkcheckIsContentWithASoundSite() throws Exception {
    page("index.html", "<a href='index.html#here' id=here>here</a>");
    assertTrue(
        run("linkcheck", site.toString()).out.contains("1 pages, 1 addresses, 1 links, 0 broken"));
  }

  @Test
  void linkcheckTriesAgainAndGivesUpInTime() throws Exception {
    var failures = new AtomicInteger();
    var now = new AtomicInteger();
    var most = new AtomicInteger();
    var url =
        serve(exchange -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          switch (exchange.getRequestURI().getPath()) {
            case "/" -> answer(exchange, 302, "Location", "home");
            case "/home" -> answer(exchange, 200, "Content-Type", "text/html");
            case "/busy" -> answer(exchange, failures.incrementAndGet() < 3 ? 503 : 200, "X", "");
            case "/circle" -> answer(exchange, 301, "Location", "circle");
            case "/hang" -> awaitTheEnd();
            default -> answer(exchange, 404, "X", "");
          }
          now.decrementAndGet();
        });
    var out = run(1, "linkcheck", url, "--timeout", "1", "--limit", "3").out;
    assertEquals(
        List.of(
            url + "circle: redirects in circles",
            "    " + url + "home:1",
            url + "gone: HTTP status 404",
            "    " + url + "home:1",
            url + "hang: no answer within 1 s",
            "    " + url + "home:1"),
        out.subList(0, 6));
    assertEquals(3, failures.get());
    assertTrue(most.get() <= 3 + 2, "the two that were given up may still be there: " + most);
  }

  @Test
  void linkcheckReportsAServerThatIsNotThere() throws Exception {
    String url = serve(exchange -> answer(exchange, 200, "X", ""));
    server.stop(0);
    var out = run(1, "linkcheck", url, "--retries", "0").out;
    assertEquals(List.of(url + ": no connection", "    command line:1"), out.subList(0, 2));
  }

  @Test
  void linkcheckSaysWhatIsWrongWithItsArguments() throws Exception {
    var ended = run(2, "linkcheck", folder.resolve("nothing").toString());
    assertEquals(List.of(), ended.out);
    assertEquals(
        "linkcheck: there is no folder "
            + folder.resolve("nothing")
            + ", and it is no http or https URL\n",
        ended.err);
  }

  @Test
  void pipelinePrintsTheFirstFilesInOrder() throws Exception {
    for (String name : List.of("c", "a", "b")) {
      Files.createFile(folder.resolve(name));
    }
    assertEquals(
        List.of(
            folder.resolve("a").toString(),
            folder.resolve("b").toString(),
            "exit codes [0, 0, 0]",
            "no program is left"),
        run("pipeline", folder.toString(), "2").out);
  }

  @Test
  void pipelineEndsAllProgramsWhenTheTimeIsOver() throws Exception {
    slowFind();
    var ended = run(1, "pipeline", folder.toString(), "2", "1");
    assertEquals(List.of("no program is left"), ended.out);
    assertTrue(ended.err.contains("pipeline: timed out after 1 s"), ended.err);
    assertFalse(slowFindRuns());
  }

  @Test
  void pipelineEndsAllProgramsAfterCtrlC() throws Exception {
    slowFind();
    Path out = folder.resolve("out");
    Process process =
        builder("pipeline", folder.toString())
            .redirectOutput(out.toFile())
            .redirectErrorStream(true)
            .start();
    try {
      while (process.isAlive() && !slowFindRuns()) {
        Thread.sleep(1);
      }
      new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
      assertTrue(process.waitFor(50, TimeUnit.SECONDS), "pipeline still runs");
      assertEquals(130, process.exitValue(), () -> read(out));
    } finally {
      process.destroyForcibly();
    }
    assertFalse(slowFindRuns());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /// A `find` that finds nothing for a minute and leaves its pid, in a folder of the `PATH`.
  private void slowFind() throws IOException {
    Path programs = Files.createDirectories(folder.resolve("bin"));
    Path find = programs.resolve("find");
    Files.writeString(find, "#!/bin/sh\necho $$ > " + folder.resolve("pid") + "\nexec sleep 60\n");
    assertTrue(find.toFile().setExecutable(true));
    path = programs + ":" + System.getenv("PATH");
  }

  private boolean slowFindRuns() {
    Path file = folder.resolve("pid");
    String pid = Files.exists(file) ? read(file).strip() : "";
    return !pid.isEmpty()
        && ProcessHandle.of(Long.parseLong(pid)).map(ProcessHandle::isAlive).orElse(false);
  }

  private void page(String name, String text) throws IOException {
    site = folder.resolve("site");
    Path file = site.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private interface Handler {
    void handle(HttpExchange exchange) throws IOException;
  }

  private String serve(Handler handler) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", handler::handle);
    server.start();
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  private static void answer(HttpExchange exchange, int status, String header, String value)
      throws IOException {
    var home =
        """
        <a href=busy></a><a href=circle></a><a href=hang></a><a href=gone></a>\
        """;
    byte[] body = (value.equals("text/html") ? home : "").getBytes(UTF_8);
    exchange.getResponseHeaders().set(header, value);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private void awaitTheEnd() {
    try {
      over.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Ended run(String example, String... arguments) throws Exception {
    return run(0, example, arguments);
  }

  private Ended run(int status, String example, String... arguments) throws Exception {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process =
        builder(example, arguments)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertTrue(process.waitFor(50, TimeUnit.SECONDS), example + " still runs");
    } finally {
      process.destroyForcibly();
    }
    Ended ended = new Ended(process.exitValue(), Files.readAllLines(out), Files.readString(err));
    assertEquals(status, ended.status, ended::toString);
    assertFalse(isConfined() && ended.err.contains("portable engine"), ended.err);
    return ended;
  }

  private ProcessBuilder builder(String example, String... arguments) {
    ProcessBuilder builder = new ProcessBuilder(command(example, arguments));
    if (path != null) {
      builder.environment().put("PATH", path);
    }
    return builder;
  }

  private static boolean resetsSignals() throws Exception {
    return new ProcessBuilder("env", "--default-signal=INT", "true")
            .redirectErrorStream(true)
            .start()
            .waitFor()
        == 0;
  }

  private static boolean isConfined() {
    return "confined".equals(System.getProperty("thrum.engine"));
  }

  private static List<String> command(String example, String... arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-XX:+UseSerialGC");
    command.add("--enable-native-access=ALL-UNNAMED");
    if (isConfined()) {
      command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(EXAMPLES.resolve(example + ".java").toString());
    command.addAll(List.of(arguments));
    return command;
  }
}
