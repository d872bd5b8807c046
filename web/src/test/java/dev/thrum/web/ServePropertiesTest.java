package dev.thrum.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Async;
import dev.thrum.http.Application;
import dev.thrum.http.Keys;
import dev.thrum.http.Keys.Identity;
import dev.thrum.http.Server;
import dev.thrum.http.client.HttpClient;
import dev.thrum.net.Tls;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is said outside of a program counts before what the program says.
final class ServePropertiesTest {
  @TempDir private Path folder;

  private final App app = App.create();

  private static ServeProperties given(String... namesAndValues) {
    Map<String, String> all = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      all.put("thrum.serve." + namesAndValues[i], namesAndValues[i + 1]);
    }
    return new ServeProperties(all::get);
  }

  /// Asks at an address.
  private interface Client {
    String ask(SocketAddress address) throws IOException;
  }

  /// What a request gets, as a whole, from the application with those properties.
  private String get(ServeProperties properties, Server.Builder server, String target)
      throws IOException {
    return get(properties, server, address -> ask(address, target));
  }

  private String get(ServeProperties properties, Server.Builder server, Client client)
      throws IOException {
    properties.change(app);
    properties.change(server);
    return Async.run(() ->
        app.running(() -> {
          try (Server open = server.listen(properties.around(app))) {
            SocketAddress address = open.address();
            return Async.blocking(() -> client.ask(address));
          }
        }));
  }

  private static String ask(SocketAddress address, String target) throws IOException {
    return ask(address, target, "Connection: close\r\n");
  }

  private static String ask(SocketAddress address, String target, String more) throws IOException {
    return ask(address, "GET", target, more);
  }

  private static String ask(SocketAddress address, String method, String target, String more)
      throws IOException {
    try (SocketChannel channel = SocketChannel.open(address)) {
      var in = Channels.newInputStream(channel);
      return ask(in, Channels.newOutputStream(channel), method + " " + target, more);
    }
  }

  private static String askByTls(SocketAddress address, String target) throws IOException {
    var where = (InetSocketAddress) address;
    try (Socket socket =
        Keys.context().getSocketFactory().createSocket(where.getAddress(), where.getPort())) {
      String more = "Connection: close\r\n";
      return ask(socket.getInputStream(), socket.getOutputStream(), "GET " + target, more);
    }
  }

  /// As a proxy passes it on.
  private static String ask(InputStream in, OutputStream out, String asked, String more)
      throws IOException {
    String proxied = "X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: https\r\n";
    String request = asked + " HTTP/1.1\r\nHost: here\r\n" + proxied + more + "\r\n";
    out.write(request.getBytes(StandardCharsets.US_ASCII));
    return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
  }

  @Test
  void withoutAnyEverythingIsAsTheProgramSays() throws IOException {
    app.get("/a", _ -> "a");
    assertEquals(3, given().loops(3));
    assertFalse(given().reusesPort());
    String answer = get(given(), Server.builder().port(0), "/a");
    assertTrue(answer.endsWith("\r\n\r\na"), answer);
    assertEquals(app, given().around(app));
  }

  @Test
  void thePortTheLoopsAndTheHostCountBeforeTheProgram() throws IOException {
    app.get("/a", _ -> "a");
    assertEquals(2, given("loops", "2").loops(3));
    // Nobody could listen where the program says.
    Server.Builder nowhere = Server.builder().host("203.0.113.1").port(1);
    String answer = get(given("host", "127.0.0.1", "port", "0"), nowhere, "/a");
    assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer);
  }

  @Test
  void aPortCountsAlsoBeforeAnAddressOfTheProgram() throws IOException {
    app.get("/a", _ -> "a");
    Server.Builder nowhere = Server.builder().at(new InetSocketAddress("203.0.113.1", 1));
    String answer = get(given("port", "0"), nowhere, "/a");
    assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer);
  }

  @Test
  void everyResponseHasTheHeadersUnlessItHasItsOwn() throws IOException {
    app.get("/a", _ -> Response.text("a").header("X-Own", "mine"));
    ServeProperties properties = given("headers", "X-Own: theirs\nX-More:  1 \nX-More: 2");
    String answer = get(properties, Server.builder().port(0), "/a");
    assertTrue(answer.contains("X-Own: mine\r\n"), answer);
    assertFalse(answer.contains("theirs"), answer);
    assertTrue(answer.contains("X-More: 1\r\nX-More: 2\r\n"), answer);
    String missing = get(properties, Server.builder().port(0), "/none");
    assertTrue(missing.startsWith("HTTP/1.1 404"), missing);
    assertTrue(missing.contains("X-More: 1\r\n"), missing);
  }

  @Test
  void aRootPathIsInFrontOfWhatIsAskedForAndOfWhatIsAnswered() throws IOException {
    app.get("/users/{id:int}", req -> req.path() + " " + req.url("user", 8)).name("user");
    ServeProperties properties = given("root-path", "/shop/");
    String below = get(properties, Server.builder().port(0), "/shop/users/7");
    assertTrue(below.endsWith("\r\n\r\n/users/7 /shop/users/8"), below);
    String stripped = get(properties, Server.builder().port(0), "/users/7");
    assertTrue(stripped.endsWith("\r\n\r\n/users/7 /shop/users/8"), stripped);
    String redirected = get(properties, Server.builder().port(0), "/shop/users/7/?a=b");
    assertTrue(redirected.contains("Location: /shop/users/7?a=b\r\n"), redirected);
    String other = get(properties, Server.builder().port(0), "/shopping");
    assertTrue(other.startsWith("HTTP/1.1 404"), other);
    String docs = get(properties, Server.builder().port(0), "/shop/openapi.json");
    assertTrue(docs.contains("\"servers\":[{\"url\":\"/shop\"}]"), docs);
  }

  @Test
  void failuresAreShownIfThatIsSaid() throws IOException {
    app.get(
        "/fails",
        _ -> {
          throw new IllegalStateException("as told");
        });
    try (LogLines _ = new LogLines()) {
      String hidden = get(given(), Server.builder().port(0), "/fails");
      assertFalse(hidden.contains("as told"), hidden);
      String shown = get(given("debug", "true"), Server.builder().port(0), "/fails");
      assertTrue(shown.contains("as told"), shown);
    }
  }

  @Test
  void requestsAreNotedWhereThatIsSaid() throws IOException {
    app.get("/a", _ -> "a");
    Path asked = folder.resolve("asked.log");
    Path otherwise = folder.resolve("otherwise.log");
    Path own = folder.resolve("own.log");
    var _ = get(given("access-log", asked.toString()), Server.builder().port(0), "/a");
    var _ = get(given("access-log-default", otherwise.toString()), Server.builder().port(0), "/a");
    try (var out = Files.newBufferedWriter(own)) {
      var log = dev.thrum.http.AccessLog.combined(out);
      ServeProperties lesser = given("access-log-default", otherwise.toString());
      var _ = get(lesser, Server.builder().port(0).accessLog(log), "/own");
      var _ = get(given("access-log", "off"), Server.builder().port(0).accessLog(log), "/off");
    }
    assertEquals(1, Files.readAllLines(asked).size());
    assertEquals(1, Files.readAllLines(otherwise).size());
    assertEquals(1, Files.readAllLines(own).size());
    assertTrue(Files.readString(own).contains("\"GET /own HTTP/1.1\" 404 "));
  }

  @Test
  void anAccessLogThatCannotBeWrittenIsNamed() {
    String file = folder.resolve("none").resolve("access.log").toString();
    IOException failure =
        assertThrows(IOException.class, () -> given("access-log", file).change(Server.builder()));
    assertEquals(
        "the access log " + file + " cannot be written: there is no such folder",
        failure.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "port|x|thrum.serve.port is 'x'; it has to be a number from 0 to 65535",
        "port|70000|thrum.serve.port is '70000'; it has to be a number from 0 to 65535",
        "grace|-1|thrum.serve.grace is '-1'; it has to be seconds, zero or more",
        "keep-alive|x|thrum.serve.keep-alive is 'x'; it has to be seconds, zero or more",
        "limit-connections|0|thrum.serve.limit-connections is '0'; it has to be a number from 1 to"
            + " 2147483647",
        "limit-concurrency|0|thrum.serve.limit-concurrency is '0'; it has to be a number from 1 to"
            + " 2147483647",
        "max-body|-1|thrum.serve.max-body is '-1'; it has to be a number from 0 to"
            + " 9223372036854775807",
        "max-header|1|thrum.serve.max-header: a limit of 1 for headers: give at least 64",
        "tls-client-ca|a.pem|thrum.serve.tls-client-ca is 'a.pem'; it has to be a"
            + " thrum.serve.tls-cert too",
        "tls-cert|a.pem|thrum.serve.tls-cert is 'a.pem'; it has to be a thrum.serve.tls-key too",
        "forwarded-allow-ips|x|thrum.serve.forwarded-allow-ips: x is no range of addresses such as"
            + " 10.0.0.0/8"
      })
  void whatIsWrongIsNamed(String name, String value, String sentence) {
    IllegalArgumentException failure =
        assertThrows(
            IllegalArgumentException.class,
            () -> {
              ServeProperties properties = given(name, value);
              properties.change(Server.builder());
              var _ = properties.around(app);
            });
    assertEquals(sentence, failure.getMessage());
  }

  @Test
  void whatIsWrongForTheApplicationIsNamed() {
    assertThrows(IllegalArgumentException.class, () -> given("loops", "0").loops(1));
    assertThrows(IllegalArgumentException.class, () -> given("loops", "2", "uds", "/x").loops(1));
    assertThrows(IllegalArgumentException.class, () -> given("root-path", "x").change(app));
    assertThrows(IllegalArgumentException.class, () -> given("headers", "x").around(app));
    IllegalArgumentException noName =
        assertThrows(
            IllegalArgumentException.class, () -> given("headers", "Bad name: x").around(app));
    assertEquals(
        "thrum.serve.headers is 'Bad name: x'; it has to be lines such as Name: value",
        noName.getMessage());
  }

  @Test
  void timesMayHaveFractionsAndEverybodyMayBeBelieved() throws IOException {
    app.get("/a", req -> req.scheme());
    ServeProperties properties =
        given(
            "grace",
            "0.5",
            "keep-alive",
            "1.5",
            "forwarded-allow-ips",
            "*",
            "limit-connections",
            "9");
    String answer = get(properties, Server.builder().port(0), "/a");
    assertTrue(answer.endsWith("\r\n\r\nhttps"), answer);
    String unbelieved = get(given(), Server.builder().port(0), "/a");
    assertTrue(unbelieved.endsWith("\r\n\r\nhttp"), unbelieved);
  }

  @Test
  void bodiesAndHeadersMayBeNoLonger() throws IOException {
    app.post("/a", req -> req.text());
    ServeProperties properties = given("max-body", "4", "max-header", "200");
    String body = "Connection: close\r\nContent-Length: 5\r\n";
    String tooLong =
        get(properties, Server.builder().port(0), address -> ask(address, "POST", "/a", body));
    assertTrue(tooLong.startsWith("HTTP/1.1 413"), tooLong);
    String header = "A: " + "b".repeat(200) + "\r\n";
    String tooMuch =
        get(properties, Server.builder().port(0), address -> ask(address, "/a", header));
    assertTrue(tooMuch.startsWith("HTTP/1.1 431"), tooMuch);
  }

  @Test
  void noMoreRequestsAreAnsweredAtATime() throws Exception {
    Application[] served = {app};
    Answered other = new Answered();
    app.get(
        "/",
        _ -> {
          served[0].handle(other);
          return "answered";
        });
    served[0] = given("limit-concurrency", "1", "headers", "A: b").around(app);
    for (int i = 0; i < 2; i++) {
      Answered one = new Answered();
      other.status = 0;
      Async.run(() -> served[0].handle(one));
      assertEquals("200 answered", one.status + " " + one.body);
      assertEquals("503 503 too many requests at a time\n", other.status + " " + other.body);
      assertEquals("b", other.sent.get("A", ""));
      assertEquals("1", other.sent.get("Retry-After", ""));
    }
  }

  @Test
  void namesOfRequestsAreTakenFromProxiesThatAreBelieved() throws IOException {
    app.use(RequestIds.create());
    app.get("/a", req -> req.id());
    Client client = address -> ask(address, "/a", "Connection: close\r\nX-Request-ID: mine\r\n");
    ServeProperties believing = given("forwarded-allow-ips", "127.0.0.0/8", "headers", "A: b");
    String believed = get(believing, Server.builder().port(0), client);
    assertTrue(believed.endsWith("\r\n\r\nmine"), believed);
    assertTrue(believed.contains("X-Request-ID: mine\r\n"), believed);
    String other = get(given(), Server.builder().port(0), client);
    assertFalse(other.contains("mine"), other);
    assertTrue(other.contains("X-Request-ID: "), other);
  }

  @Test
  void aUnixSocketIsListenedOnInstead() throws IOException {
    app.get("/a", _ -> "a");
    Path file = folder.resolve("socket");
    String answer = get(given("uds", file.toString()), Server.builder().port(1), "/a");
    assertTrue(answer.endsWith("\r\n\r\na"), answer);
  }

  @Test
  void tlsIsSpokenWithACertificateAndItsKey() throws IOException {
    app.get("/a", req -> req.scheme());
    Identity shown = Keys.SERVER;
    ServeProperties properties =
        given("tls-cert", shown.chain().toString(), "tls-key", shown.key().toString());
    String answer = get(properties, Server.builder().port(0), address -> askByTls(address, "/a"));
    assertTrue(answer.endsWith("\r\n\r\nhttps"), answer);
  }

  @Test
  void onlyClientsWithACertificateGetIn() throws IOException {
    app.get("/a", _ -> "a");
    Identity shown = Keys.SERVER;
    ServeProperties properties =
        given(
            "tls-cert",
            shown.chain().toString(),
            "tls-key",
            shown.key().toString(),
            "tls-client-ca",
            Keys.authority().toString());
    properties.change(app);
    Server.Builder server = Server.builder().port(0);
    properties.change(server);
    Tls known = Keys.client().identity(Keys.CLIENT.chain(), Keys.CLIENT.key());
    Async.run(() ->
        app.running(() -> {
          try (Server open = server.listen(properties.around(app));
              HttpClient client = HttpClient.builder().tls(known).open()) {
            SocketAddress address = open.address();
            assertThrows(IOException.class, () -> Async.blocking(() -> askByTls(address, "/a")));
            assertEquals("a", client.get("https://127.0.0.1:" + open.port() + "/a").text());
          }
        }));
  }

  @Test
  void aWebSocketHasTheHeadersToo() throws IOException {
    app.use(RequestIds.create());
    app.ws("/ws", ws -> ws.send("a"));
    List<String> upgrade =
        List.of(
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "");
    String more = String.join("\r\n", upgrade);
    ServeProperties properties = given("headers", "X-More: 1");
    Server.Builder server = Server.builder().port(0);
    String answer = get(properties, server, address -> head(address, "/ws", more));
    assertTrue(answer.startsWith("HTTP/1.1 101"), answer);
    assertTrue(answer.contains("X-More: 1\r\n"), answer);
    assertTrue(answer.contains("X-Request-ID: "), answer);
  }

  /// The head of a response, of which nothing else is read: the server would wait for a good-bye.
  private static String head(SocketAddress address, String target, String more) throws IOException {
    try (SocketChannel channel = SocketChannel.open(address)) {
      String request = "GET " + target + " HTTP/1.1\r\nHost: here\r\n" + more + "\r\n";
      Channels.newOutputStream(channel).write(request.getBytes(StandardCharsets.US_ASCII));
      InputStream in = Channels.newInputStream(channel);
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int one = in.read();
        assertTrue(one >= 0, head.toString());
        head.append((char) one);
      }
      return head.toString();
    }
  }
}
