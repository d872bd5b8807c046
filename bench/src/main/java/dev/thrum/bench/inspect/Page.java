package dev.thrum.bench.inspect;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.regex.Pattern;

/// A page of the console, as far as the program notices it: asks what `poll.js`, `main.js` and the
/// views ask, and as often. A round is the overview, then what the view shows; rounds do not
/// overlap, begin at most once a second, and take at most a quarter of the time. The views loops,
/// tasks, tree and waits take turns, a round each.
final class Page implements AutoCloseable {
  private static final long INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final int OK = 200;

  /// The program has answered, but not with what was asked for: the loop has just ended.
  private static final int REFUSED = 400;

  private static final Pattern FIRST_NODE =
      Pattern.compile("\"nodes\":\\[\\{\"loop\":\"([^\"]+)\",\"id\":(\\d+)");

  private final HttpClient client = HttpClient.newHttpClient();
  private final URI console;
  private final String token;
  private final Thread thread;
  private volatile boolean closed;
  private volatile long answered = System.nanoTime();
  private volatile String failure = "it takes longer";

  private Page(URI url) {
    console = url.resolve("/api/");
    token = url.getQuery().substring("token=".length());
    thread = Thread.ofPlatform().daemon().name("page").unstarted(this::poll);
  }

  static Page open(URI url) {
    var page = new Page(url);
    page.thread.start();
    return page;
  }

  private void poll() {
    try {
      ask("console");
      for (int round = 0; !closed; round++) {
        long began = System.nanoTime();
        ask("overview");
        refresh(round % 4);
        answered = System.nanoTime();
        long took = answered - began;
        Thread.sleep(Duration.ofNanos(Math.max(INTERVAL_NANOS - took, 3 * took)));
      }
    } catch (IOException e) {
      failure = e.toString();
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  private void refresh(int view) throws IOException, InterruptedException {
    switch (view) {
      case 0 -> {
        // The loops are in the overview.
      }
      case 1 -> ask("tasks?sort=age&offset=0&limit=100");
      case 2 -> {
        var main = FIRST_NODE.matcher(ask("tree?offset=0&limit=100"));
        if (main.find()) {
          ask("tree?loop=%s&parent=%s&offset=0&limit=100".formatted(main.group(1), main.group(2)));
        }
      }
      default -> ask("waits");
    }
  }

  private String ask(String what) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(console.resolve(what))
            .header("Authorization", "Bearer " + token)
            .timeout(PATIENCE)
            .build();
    var response = client.send(request, BodyHandlers.ofString());
    if (response.statusCode() != OK && response.statusCode() != REFUSED) {
      throw new IOException("%s: %s".formatted(what, response.body()));
    }
    return response.body();
  }

  /// Fails unless a round has been answered since then.
  void check(long since) throws IOException {
    if (answered < since) {
      throw new IOException("the console was not answered while it was measured: " + failure);
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    client.shutdownNow();
  }
}
