package dev.thrum.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.net.ConnectException;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The console's server: who is let in, what it answers, and how it ends.
final class ConsoleTest {

  private final FakeProgram program = new FakeProgram();
  private Console console;

  @BeforeEach
  void start() throws IOException {
    console = Console.builder().source(program).start();
  }

  @AfterEach
  void close() {
    console.close();
  }

  private Reply get(String path, String... headers) throws IOException {
    return Reply.to(console.url().getPort(), "GET", path, "", headers);
  }

  private Reply post(String path, String body, String... headers) throws IOException {
    return Reply.to(console.url().getPort(), "POST", path, body, headers);
  }

  private String bearer() {
    return "Authorization: Bearer " + token();
  }

  private String token() {
    return console.url().getQuery().substring("token=".length());
  }

  private String own() {
    return "http://127.0.0.1:" + console.url().getPort();
  }

  @Test
  void theAddressIsOfTheLoopbackAndHasATokenOfItsOwn() throws IOException {
    URI url = console.url();
    assertTrue(
        url.toString().matches("http://127\\.0\\.0\\.1:\\d+/\\?token=[\\w-]{32}"), url::toString);
    try (Console other = Console.builder().source(program).start()) {
      assertFalse(other.url().getQuery().equals(url.getQuery()));
    }
    assertFalse(console.toString().contains(token()));
  }

  @Test
  void thePageOpensWithTheTokenAndGoesOnWithACookie() throws IOException {
    Reply page = get("/?token=" + token());
    assertEquals(200, page.status());
    assertTrue(page.body().contains("<title>Thrum console</title>"));
    String cookie = page.header("Set-Cookie");
    assertTrue(cookie.endsWith("; Path=/; HttpOnly; SameSite=Strict"), cookie);
    String sent = "Cookie: other=1; " + cookie.substring(0, cookie.indexOf(';'));
    assertEquals(200, get("/", sent).status());
    assertEquals(200, get("/main.js", sent).status());
    assertEquals(200, get("/api/overview", sent, "Sec-Fetch-Site: same-origin").status());
    assertEquals("", get("/", sent).header("Set-Cookie"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/main.js", "/uplot/uPlot.esm.js", "/?token=", "/?token=wrong", "/nothing"})
  void withoutTheTokenNothingIsShownButASentence(String path) throws IOException {
    Reply reply = get(path);
    assertEquals(403, reply.status());
    assertEquals("text/html; charset=utf-8", reply.header("Content-Type"));
    assertTrue(reply.body().contains("This console opens with the whole address"), reply::body);
  }

  @Test
  void withoutTheTokenTheProgramIsNotAsked() throws IOException {
    program.fail(new IllegalStateException("asked"));
    for (String header :
        List.of("X: y", "Cookie: thrum-console-1=x", "Authorization: Bearer " + token() + "x")) {
      Reply reply = get("/api/overview", header);
      assertEquals(403, reply.status());
      assertTrue(reply.body().startsWith("{\"error\":\"This console opens with"), reply::body);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:80",
        "127.0.0.1.evil.example",
        "localhost.evil.example:1",
        "10.0.0.1",
        ""
      })
  void anotherHostIsRefusedEvenWithTheToken(String host) throws IOException {
    assertEquals(403, get("/api/overview", "Host: " + host, bearer()).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST:9000", "127.0.0.1", "[::1]:80", "[::1]"})
  void theNamesOfTheLoopbackAreAnswered(String host) throws IOException {
    assertEquals(200, get("/api/overview", "Host: " + host, bearer()).status());
  }

  @Test
  void otherPagesOfTheSameBrowserAreRefused() throws IOException {
    assertEquals(403, get("/api/overview", bearer(), "Origin: http://127.0.0.1:1").status());
    assertEquals(403, get("/api/overview", bearer(), "Origin: null").status());
    assertEquals(403, get("/api/overview", bearer(), "Sec-Fetch-Site: same-site").status());
    assertEquals(403, get("/api/overview", bearer(), "Sec-Fetch-Site: cross-site").status());
    assertEquals(200, get("/", bearer(), "Sec-Fetch-Site: cross-site").status());
    assertEquals(200, get("/api/overview", bearer(), "Origin: " + own()).status());
  }

  @Test
  void everyAnswerIsGuardedAndNotKept() throws IOException {
    for (Reply reply :
        List.of(
            get("/", bearer()),
            get("/api/overview", bearer()),
            get("/"),
            get("/no.js", bearer()))) {
      assertEquals("no-store", reply.header("Cache-Control"));
      assertEquals("nosniff", reply.header("X-Content-Type-Options"));
      assertEquals("DENY", reply.header("X-Frame-Options"));
      assertEquals("no-referrer", reply.header("Referrer-Policy"));
      assertTrue(
          reply
              .header("Content-Security-Policy")
              .startsWith("default-src 'none'; script-src 'self';"));
    }
  }

  @Test
  void headHasTheLengthAndNoBody() throws IOException {
    Reply head = Reply.to(console.url().getPort(), "HEAD", "/style.css", "", bearer());
    assertEquals(200, head.status());
    assertEquals("", head.body());
    assertEquals(
        Integer.toString(get("/style.css", bearer()).body().length()),
        head.header("Content-Length"));
  }

  @Test
  void aViewIsPassedThroughWithItsOptions() throws IOException {
    Reply reply = get("/api/tasks?token=" + token() + "&filter=fetch-2&limit=1&loop=loop%2D2");
    assertEquals("application/json; charset=utf-8", reply.header("Content-Type"));
    assertTrue(reply.body().startsWith("{\"total\":41,\"matching\":11,"), reply::body);
  }

  @Test
  void whatIsWrongIsSaidInASentence() throws IOException {
    assertError(400, "There is no view 'nothing'.", get("/api/nothing", bearer()));
    assertError(400, "limit is a number, not 'x'.", get("/api/tasks?limit=x", bearer()));
    assertError(404, "There is no view of that name.", get("/api/../x", bearer()));
    assertError(404, "There is nothing at /x.js in this console.", get("/x.js", bearer()));
    assertError(
        404,
        "There is nothing at /../Console.class in this console.",
        get("/../Console.class", bearer()));
    assertError(405, "Only GET and HEAD may be used here.", post("/api/overview", "", bearer()));
    assertError(405, "Only GET and HEAD may be used here.", post("/", "", bearer()));
    assertError(405, "Only POST may be used here.", get("/api/cancel", bearer()));
    assertEquals("POST", get("/api/cancel", bearer()).header("Allow"));
  }

  @Test
  void aProgramThatDoesNotAnswerIsGone() throws IOException {
    program.fail(new UndeclaredThrowableException(new ConnectException("refused")));
    Reply gone = get("/api/overview", bearer());
    assertEquals(502, gone.status());
    assertTrue(gone.body().endsWith("\"gone\":true}"), gone::body);
    program.fail(new IllegalStateException("a \"broken\" one"));
    assertError(
        500,
        "The program could not answer: java.lang.IllegalStateException: a \\\"broken\\\" one",
        get("/api/overview", bearer()));
  }

  @Test
  void withoutLeaveNothingIsCancelled() throws IOException {
    assertEquals("{\"mayCancel\":false}", get("/api/console", bearer()).body());
    Reply reply = post("/api/cancel", "loop=loop-1&task=4&reason=x", bearer());
    assertError(
        403, "This console may only look; it was not started with leave to cancel tasks.", reply);
    assertEquals(List.of(), program.cancelled());
  }

  @Test
  void withLeaveATaskIsCancelledWithAReason() throws IOException {
    try (Console able = Console.builder().source(program).allowCancel().start()) {
      int port = able.url().getPort();
      String bearer = "Authorization: Bearer " + able.url().getQuery().substring("token=".length());
      assertEquals(
          "{\"mayCancel\":true}", Reply.to(port, "GET", "/api/console", "", bearer).body());
      Reply done =
          Reply.to(
              port, "POST", "/api/cancel", "loop=loop-1&task=4&reason=no+use+%26+more", bearer);
      assertEquals("{\"cancelled\":true}", done.body());
      assertEquals(List.of("loop-1/4: no use & more"), program.cancelled());
      for (String wrong :
          List.of(
              "",
              "loop=loop-1&task=4",
              "loop=loop-1&task=4&reason=+",
              "task=4&reason=x",
              "loop=a&task=b&reason=x",
              "loop=a&task=1&reason=%zz")) {
        assertEquals(400, Reply.to(port, "POST", "/api/cancel", wrong, bearer).status(), wrong);
      }
      String other = "Origin: http://localhost:1";
      assertEquals(
          403,
          Reply.to(port, "POST", "/api/cancel", "loop=l&task=4&reason=x", bearer, other).status());
      assertEquals(413, Reply.to(port, "POST", "/api/cancel", "x".repeat(9_000), bearer).status());
      assertEquals(1, program.cancelled().size());
    }
  }

  @Test
  void aPortInUseIsNamed() throws IOException {
    int port = console.url().getPort();
    IOException failure =
        assertThrows(IOException.class, () -> Console.builder().source(program).port(port).start());
    assertTrue(
        failure.getMessage().startsWith("the console cannot listen on port %d, ".formatted(port)),
        failure::getMessage);
    assertThrows(IllegalArgumentException.class, () -> Console.builder().port(65_536));
    assertThrows(IllegalArgumentException.class, () -> Console.builder().port(-1));
  }

  @Test
  void closingFreesThePortAndTheThreadsAndMayBeRepeated() throws Exception {
    int port = console.url().getPort();
    get("/", bearer());
    Set<Thread> threads = threads();
    assertFalse(threads.isEmpty());
    assertTrue(threads.stream().allMatch(Thread::isDaemon), threads::toString);
    console.close();
    console.close();
    for (Thread thread : threads) {
      thread.join(10_000);
      assertFalse(thread.isAlive(), thread::getName);
    }
    Console.builder().source(program).port(port).start().close();
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("thrum-console"))
        .collect(Collectors.toSet());
  }

  private static void assertError(int status, String sentence, Reply reply) {
    assertEquals("{\"error\":\"%s\"}".formatted(sentence), reply.body());
    assertEquals(status, reply.status());
    assertEquals("application/json; charset=utf-8", reply.header("Content-Type"));
  }
}
