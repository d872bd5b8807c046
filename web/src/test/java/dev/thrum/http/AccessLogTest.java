package dev.thrum.http;

import static dev.thrum.Async.sleep;
import static dev.thrum.http.Serving.MILLI;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is noted of requests, and what becomes of it when noting is slow.
final class AccessLogTest {

  @Test
  void requestsAreNotedBesideTheLoop() throws Exception {
    String[] told = {""};
    List<AccessLog.Entry> entries = new CopyOnWriteArrayList<>();
    List<String> threads = new CopyOnWriteArrayList<>();
    Serving.with(
        settings ->
            settings.accessLog(entry -> {
              threads.add(Thread.currentThread().getName());
              entries.add(entry);
            }),
        exchange -> {
          switch (exchange.target()) {
            case "/parts" -> {
              exchange.begin(201, Headers.create());
              exchange.write(new byte[10]);
              exchange.write(new byte[5]);
            }
            case "/asked" -> exchange.respond(200, Headers.of("Id", exchange.id()), new byte[0]);
            case "/bad" -> throw new HttpException(404);
            default -> exchange.respond(200, Headers.create(), "hello".getBytes(UTF_8));
          }
        },
        server -> {
          try (RawClient client = Serving.connect(server)) {
            String more = "Referer: r\r\nUser-Agent: test/1\r\nX-Request-ID: one\r\n";
            client.send("GET /x?y HTTP/1.1\r\nHost: a\r\n" + more + "\r\n");
            client.get("/parts").get("/bad").send("HEAD /head HTTP/1.1\r\nHost: a\r\n\r\n");
            client.get("/asked");
            for (int i = 0; i < 5; i++) {
              told[0] = client.response(i != 3).header("id");
            }
          }
        });
    AccessLog.Entry first = entries.getFirst();
    assertEquals("GET /x?y HTTP/1.1 200 5 r test/1", told(first));
    assertTrue(first.remoteAddress().toString().startsWith("/127.0.0.1:"));
    assertTrue(first.took().isPositive() && first.took().compareTo(Duration.ofSeconds(20)) < 0);
    assertTrue(Duration.between(first.time(), Instant.now()).toSeconds() < 60);
    assertEquals("one", first.id());
    assertEquals("GET /parts HTTP/1.1 201 15  ", told(entries.get(1)));
    assertEquals("", entries.get(1).id());
    assertEquals("GET /bad HTTP/1.1 404 14  ", told(entries.get(2)));
    assertEquals("HEAD /head HTTP/1.1 200 0  ", told(entries.get(3)));
    assertTrue(told[0].matches("[0-9a-f]{32}"), told[0]);
    assertEquals(told[0], entries.get(4).id());
    assertEquals(5, entries.size());
    assertEquals(List.of("thrum-access-log"), threads.stream().distinct().toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET /x HTTP/1.1;User-Agent: test/1; | GET /x HTTP/1.1 400 .  test/1",
        "GET /x HTTP/1.1;Host: a;Expect: wonders; | GET /x HTTP/1.1 417 .",
        "GET  HTTP/1.1;Host: a; | HTTP/1.1 400 .",
        "nonsense;; | HTTP/1.1 400 .",
        "GET /x HTTP/1.1;Host: a;Long: LONG; | GET /x HTTP/1.1 431 .",
        "GET /LONG HTTP/1.1;Host: a; | HTTP/1.1 414 .",
        "GET / HTTP/1.1;Host: a | HTTP/1.1 408 .",
      })
  void whatTheServerRefusesIsNotedToo(String request, String expected) throws Exception {
    List<AccessLog.Entry> entries = new CopyOnWriteArrayList<>();
    String sent = request.replace("LONG", "x".repeat(20_000)).replace(";", "\r\n");
    int[] status = {0};
    Serving.with(
        settings -> settings.accessLog(entries::add).headerTimeout(MILLI.multipliedBy(60)),
        Serving::echo,
        server -> {
          try (RawClient client = Serving.connect(server)) {
            RawClient.Response refused =
                client.send(sent + (sent.endsWith("\n") ? "\r\n" : "")).response();
            status[0] = refused.status();
            assertEquals("", client.rest());
          }
        });
    assertEquals(1, entries.size());
    AccessLog.Entry noted = entries.getFirst();
    assertEquals(status[0], noted.status());
    assertTrue(noted.bytes() > 0 && noted.remoteAddress().toString().startsWith("/127.0.0.1:"));
    assertEquals(expected, told(noted).replace(" " + noted.bytes() + " ", " . ").strip());
  }

  private static String told(AccessLog.Entry entry) {
    return entry.method()
        + " "
        + entry.target()
        + " "
        + entry.version()
        + " "
        + entry.status()
        + " "
        + entry.bytes()
        + " "
        + entry.referer()
        + " "
        + entry.userAgent();
  }

  @Test
  void whatDoesNotFitIsLeftOutAndCounted() throws Exception {
    CountDownLatch open = new CountDownLatch(1);
    List<String> noted = new CopyOnWriteArrayList<>();
    try (LogLines log = LogLines.listen()) {
      Serving.with(
          settings ->
              settings.accessLog(entry -> {
                open.await();
                noted.add(entry.target());
              }),
          exchange -> exchange.respond(200, Headers.create(), new byte[0]),
          server -> {
            try (RawClient client = Serving.connect(server)) {
              String some = "GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(100);
              for (int i = 0; i < 100; i++) {
                client.send(some);
                for (int j = 0; j < 100; j++) {
                  assertEquals(200, client.response().status());
                }
              }
              open.countDown();
            }
          });
      assertTrue(log.text().contains("requests were left out"), log.text());
    }
    assertTrue(noted.size() >= 8000 && noted.size() < 10_000, "noted " + noted.size());
  }

  @Test
  void aLogThatFailsHarmsNobody() throws Exception {
    try (LogLines log = LogLines.listen()) {
      Serving.with(
          settings ->
              settings.accessLog(_ -> {
                throw new IOException("the disk is full");
              }),
          Serving::echo,
          server -> {
            try (RawClient client = Serving.connect(server)) {
              assertEquals(200, client.get("/").response().status());
              sleep(MILLI);
              assertEquals(200, client.get("/").response().status());
            }
          });
      assertTrue(log.text().contains("the disk is full"), log.text());
    }
  }

  @Test
  void linesAreInTheCombinedFormat() throws Exception {
    StringWriter out = new StringWriter();
    AccessLog log = AccessLog.combined(out);
    log.log(
        new AccessLog.Entry(
            Instant.parse("2025-03-04T05:06:07Z"),
            Duration.ofMillis(5),
            new InetSocketAddress("192.0.2.1", 1234),
            "GET",
            "/a?b",
            HttpVersion.HTTP_2,
            200,
            17,
            "",
            "evil\" \n\\agent",
            "one"));
    assertEquals(
        "192.0.2.1 - - [04/Mar/2025:05:06:07 +0000] \"GET /a?b HTTP/2\" 200 17 \"-\" "
            + "\"evil\\x22 \\x0a\\x5cagent\"\n",
        out.toString());
  }
}
