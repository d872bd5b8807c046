package dev.thrum.net.jdk;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.awaitAll;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.thrum.Body;
import dev.thrum.Outcome;
import dev.thrum.Runner;
import dev.thrum.Task;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The JDK's HTTP client in tasks, against the JDK's HTTP server, which answers only once it has as
/// many requests as it expects: a request that waited for another one's answer would wait for ever.
final class JdkHttpTest {
  private static final int REQUESTS = 50;

  private final CountDownLatch arrivals = new CountDownLatch(REQUESTS);
  private final CountDownLatch released = new CountDownLatch(1);
  private HttpServer server;

  @BeforeEach
  void startServer() throws IOException {
    server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), REQUESTS);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/together/",
        exchange -> {
          arrivals.countDown();
          answerAfter(arrivals, exchange);
        });
    server.start();
  }

  @AfterEach
  void stopServer() {
    released.countDown();
    server.stop(0);
  }

  private static void answerAfter(CountDownLatch latch, HttpExchange exchange) throws IOException {
    try (exchange) {
      latch.await();
      byte[] answer = exchange.getRequestURI().getPath().getBytes(UTF_8);
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private HttpRequest request(String path) {
    InetSocketAddress address = server.getAddress();
    return HttpRequest.newBuilder(
            URI.create("http://" + address.getHostString() + ":" + address.getPort() + path))
        .build();
  }

  private interface Asking {
    HttpResponse<String> ask(HttpClient client, HttpRequest request) throws Exception;
  }

  private void assertAllAreAnswered(Asking asking) throws Exception {
    Set<String> carriers = new HashSet<>();
    List<String> paths = IntStream.range(0, REQUESTS).mapToObj(i -> "/together/" + i).toList();
    Body<List<String>, Exception> program =
        () -> {
          try (HttpClient client = HttpClient.newHttpClient()) {
            List<Task<String>> tasks = new ArrayList<>();
            for (String path : paths) {
              Body<String, Exception> one =
                  () -> {
                    String answer = asking.ask(client, request(path)).body();
                    carriers.add(Jvm.carrier());
                    return answer;
                  };
              tasks.add(async(one));
            }
            return awaitAll(tasks);
          }
        };
    assertEquals(paths, Runner.builder().blockingLimit(REQUESTS).run(program));
    if (Jvm.isConfined()) {
      assertEquals(Set.of(Thread.currentThread().getName()), carriers);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.thrum.net.jdk.Way#concurrent")
  void requestsOfOneLoopDoNotWaitForEachOther(Way way) throws Exception {
    assertAllAreAnswered(
        (client, request) -> way.call(() -> client.send(request, BodyHandlers.ofString())));
  }

  @Test
  void asynchronousRequestsAreAwaitedOnBothEngines() throws Exception {
    assertAllAreAnswered(
        (client, request) -> await(client.sendAsync(request, BodyHandlers.ofString())));
  }

  @ParameterizedTest
  @MethodSource("dev.thrum.net.jdk.Way#concurrent")
  void aCancelledRequestEndsAtOnce(Way way) throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    server.createContext(
        "/held/",
        exchange -> {
          arrived.countDown();
          answerAfter(released, exchange);
        });
    Runner.builder()
        .run(() -> {
          try (HttpClient client = HttpClient.newHttpClient()) {
            Task<?> task =
                async(() -> {
                  way.call(() -> client.send(request("/held/"), BodyHandlers.ofString()));
                });
            way.run(arrived::await);
            task.cancel("enough");
            assertThrows(CancellationException.class, () -> await(task));
            assertEquals(new Outcome.Cancelled<>("enough"), task.outcome());
          }
        });
  }
}
