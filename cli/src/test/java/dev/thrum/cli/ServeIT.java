package dev.thrum.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.cli.Script.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `thrum serve` and `thrum routes` from an unpacked release.
class ServeIT {
  private static final Pattern PORT = Pattern.compile("serving https?://127\\.0\\.0\\.1:(\\d+) ");

  /// Serves where nobody can listen, if nothing is said on the command line.
  private static final String SERVES =
      """
      import dev.thrum.http.Server;
      import dev.thrum.web.*;

      void main(String[] args) {
        var app = App.create();
        app.get("/", _ -> "WORD " + String.join(",", args)).name("home");
        app.get("/slow", _ -> { dev.thrum.Async.sleep(Duration.ofMillis(200)); return "slow"; });
        app.serve(Server.builder().host("203.0.113.1").port(1), 3);
        IO.println("over");
      }
      """;

  private static final String HAS_APP =
      """
      import dev.thrum.web.*;

      App app() {
        var app = App.create();
        app.get("/", _ -> "of app()");
        return app;
      }
      """;

  @TempDir private static Path shared;
  private static Path thrum;

  @TempDir private Path folder;
  private Script script;

  @BeforeAll
  static void unpackRelease() throws Exception {
    thrum = Script.releaseIn(shared.resolve("release"));
  }

  @BeforeEach
  void workInFolder() {
    script = Script.at(thrum, folder).with("THRUM_CACHE", "off");
  }

  private void file(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private static int port(Script.Running running) throws Exception {
    Matcher line = PORT.matcher(Files.readString(running.until("serving http").err()));
    assertTrue(line.find());
    return Integer.parseInt(line.group(1));
  }

  private static String get(int port, String path) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String request = "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String body(int port) throws IOException {
    String answer = get(port, "/");
    return answer.substring(answer.indexOf("\r\n\r\n") + 4);
  }

  // Serving

  @Test
  void theCommandLineCountsBeforeTheProgramWhichThenGoesOn() throws Exception {
    file("app.java", SERVES);
    var running =
        script.start(
            "serve",
            "app.java",
            "one",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--loops",
            "2",
            "--header",
            "X-A: b",
            "--",
            "--two");
    int port = port(running);
    String answer = get(port, "/");
    assertTrue(answer.contains("\r\nX-A: b\r\n"), answer);
    assertTrue(answer.endsWith("WORD one,--two"), answer);
    running.until("GET / HTTP/1.1\" 200");
    Result end = running.pressCtrlC();
    assertEquals(0, end.status(), end.err());
    assertTrue(end.out().endsWith("over\n"), end.out());
    assertTrue(
        end.err().contains("(2 loops, confined engine, process " + running.pid() + "); Ctrl-C"),
        end.err());
    assertTrue(end.err().contains("INT: no more requests are taken"), end.err());
  }

  @Test
  void theEnvironmentIsThatOfAFileUnlessThereIsOneAlready() throws Exception {
    String asks = "System.getenv(\"A\") + System.getenv(\"B\") + System.getenv(\"root\")";
    file("app.java", HAS_APP.replace("\"of app()\"", asks));
    file("some.env", "# which\nA=\"a b\"\nexport B=of the file\nroot= x=y # z");
    var running =
        script
            .with("B", "before")
            .start("serve", "app.java", "--port", "0", "--env-file", "some.env", "--reload");
    assertEquals("a bbefore x=y # z", body(port(running)));
    assertEquals(0, running.pressCtrlC().status());
  }

  @Test
  void aProgramWithoutServeIsServedByItsApp() throws Exception {
    file("app.java", HAS_APP);
    var running = script.start("serve", "--port", "0", "--no-access-log", "app.java");
    assertEquals("of app()", body(port(running)));
    Result end = running.pressCtrlC();
    assertEquals(0, end.status(), end.err());
    assertEquals("", end.out());
  }

  @Test
  void theAppMayBeInAnotherClassOfTheFile() throws Exception {
    String app = HAS_APP.replace("App app()", "class Last { App app()") + "}\n";
    file("app.java", app + "record First(App app) {}\nclass Main { static void main() {} }\n");
    var running = script.start("serve", "--port", "0", "--no-access-log", "app.java");
    assertEquals("of app()", body(port(running)));
    assertEquals(0, running.pressCtrlC().status());
  }

  @Test
  void itsMainCountsLessIfItDoesNotServe() throws Exception {
    file("app.java", HAS_APP + "\nvoid main() { IO.println(\"a demonstration\"); }\n");
    var running = script.start("serve", "--port", "0", "app.java");
    assertEquals("of app()", body(port(running)));
    assertFalse(running.pressCtrlC().out().contains("demonstration"));
    assertEquals("a demonstration\n", script.run("run", "app.java").out());
  }

  @Test
  void aPortInUseIsASentence() throws Exception {
    file("app.java", HAS_APP);
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      assertFailure(
          1,
          "thrum: listening on /127.0.0.1:"
              + port
              + ": Address already in use; another socket has it; choose another port, or 0 for any"
              + " free one\n",
          "app.java",
          "--port",
          port);
    }
  }

  @Test
  void whatCannotBeServedIsASentence() throws Exception {
    file("wrong.java", "void main() { int x = \"s\"; }");
    file("ends.java", "void main() {}");
    file("none.java", "class A {}");
    file("two.java", "import dev.thrum.web.*; class A { static App b, c; }");
    file("made.java", "import dev.thrum.web.*; class A {} record B(App app) {}");
    file("abstract.java", "import dev.thrum.web.*; abstract class A { App app; }");
    file("app.java", HAS_APP);
    assertFailure(2, "thrum: there is no file 'no.java'\n", "no.java");
    assertFailure(
        1,
        """
        wrong.java:1: error: incompatible types: String cannot be converted to int
        void main() { int x = "s"; }
                              ^
        1 error
        """,
        "wrong.java");
    assertFailure(
        1,
        "thrum: the main of 'ends.java' has ended and served nothing: have it call"
            + " app.serve(8000)\n",
        "ends.java");
    assertFailure(
        2,
        "thrum: 'none.java' has no application: give it a method App app() { … }, or a main that"
            + " calls app.serve(8000)\n",
        "none.java");
    assertFailure(
        2,
        "thrum: 'two.java' has several applications; there are b, c; choose one with --app\n",
        "two.java");
    assertFailure(
        2,
        "thrum: 'app' needs an object, and the class B cannot be instantiated: make it static, or"
            + " give B a constructor without parameters\n",
        "made.java");
    assertFailure(
        2,
        "thrum: 'app' needs an object, and the class A cannot be instantiated: make it static, or"
            + " give A a constructor without parameters\n",
        "abstract.java");
    assertFailure(
        2,
        "thrum: --header is 'Bad name: x'; it has to be lines such as Name: value\n",
        "app.java",
        "--header",
        "Bad name: x");
    assertFailure(
        1,
        "thrum: /no.pem: there is no such file, for TLS\n",
        "app.java",
        "--tls-cert",
        "/no.pem",
        "--tls-key",
        "/no.pem");
    assertFailure(
        2,
        "thrum: --forwarded-allow-ips: x is no range of addresses such as 10.0.0.0/8\n",
        "app.java",
        "--forwarded-allow-ips",
        "x");
  }

  private void assertFailure(int status, String err, String... arguments) throws Exception {
    String[] all = new String[arguments.length + 1];
    all[0] = "serve";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    Result result = script.run(all);
    assertEquals(status, result.status(), result.err());
    assertEquals("", result.out());
    // A busy machine may have its loop warn of a long step before.
    assertTrue(result.err().endsWith(err), result.err());
  }

  // Routes

  @Test
  void theRoutesAreShownAndNothingIsServed() throws Exception {
    file("app.java", SERVES);
    Result table = script.run("routes", "app.java");
    assertEquals(
        """
        METHOD  PATH   NAME  HANDLER  MIDDLEWARE  REGISTERED AT
        GET     /      home  async    -           app.java:6
        GET     /slow  -     async    -           app.java:7
        """,
        table.out());
    assertEquals(0, table.status(), table.err());
    file("prints.java", SERVES.replace("var app", "IO.println(\"begins\"); var app"));
    Result json = script.run("routes", "--json", "prints.java");
    assertTrue(json.out().startsWith("[\n  {\"method\": \"GET\", \"host\": \"\""), json.out());
    assertTrue(json.err().contains("begins\n"), json.err());
  }

  // Starting again

  @Test
  void aChangeIsServedByAnotherJvmAndWhatIsWrongChangesNothing() throws Exception {
    file("app.java", SERVES);
    var running =
        script.start(
            "serve", "app.java", "--reload", "--host", "127.0.0.1", "--port", "0", "--loops", "1");
    int port = port(running);
    assertEquals("WORD ", body(port));
    file("app.java", SERVES.replace("WORD", "int x = \"s\";\""));
    running.until("what was served before goes on");
    assertEquals("WORD ", body(port));
    file("app.java", SERVES.replace("WORD", "changed"));
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!body(port).equals("changed ")) {
      assertTrue(running.process().isAlive() && System.nanoTime() < limit);
      Thread.sleep(20);
    }
    List<ProcessHandle> children = running.process().descendants().toList();
    Result end = running.pressCtrlC();
    assertEquals(0, end.status(), end.err());
    assertFalse(children.isEmpty());
    assertEquals(List.of(), children.stream().filter(ProcessHandle::isAlive).toList());
    assertTrue(end.err().contains("app.java has changed; starting again"), end.err());
    assertTrue(end.err().contains("error: "), end.err());
    assertTrue(end.out().endsWith("over\n"), end.out());
  }
}
