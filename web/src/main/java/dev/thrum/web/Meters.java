package dev.thrum.web;

import dev.thrum.Async;
import dev.thrum.CancelledException;
import dev.thrum.Loop;
import dev.thrum.Outcome;
import dev.thrum.Task;
import dev.thrum.inspect.Inspector;
import dev.thrum.inspect.ThrumMXBean;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/// Counts what an application answers, and tells it in Prometheus's text format.
///
/// What a client says does not become a label of its own: methods that are not known are `OTHER`,
/// and requests without a route have none. Should there be very many series all the same, the
/// further ones are counted together.
final class Meters {
  private static final int MOST = 5000;
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final double[] BOUNDS = {
    .005, .01, .025, .05, .075, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10
  };
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT");

  private final Map<Counted, LongAdder> requests = new ConcurrentHashMap<>();
  private final Map<Timed, Timing> times = new ConcurrentHashMap<>();
  private final LongAdder inFlight = new LongAdder();

  private record Counted(String method, String route, int status) {}

  private record Timed(String method, String route) {
    String labels() {
      return "method=\"" + method + "\",route=\"" + escaped(route) + '"';
    }
  }

  /// What is known of the requests to a route.
  private static final class Timing {
    final LongAdder[] buckets = new LongAdder[BOUNDS.length + 1];
    final LongAdder nanos = new LongAdder();
    final LongAdder requestBytes = new LongAdder();
    final LongAdder responseBytes = new LongAdder();

    Timing() {
      for (int i = 0; i < buckets.length; i++) {
        buckets[i] = new LongAdder();
      }
    }

    void add(long took) {
      double seconds = took / 1e9;
      int at = 0;
      while (at < BOUNDS.length && seconds > BOUNDS[at]) {
        at++;
      }
      buckets[at].increment();
      nanos.add(took);
    }
  }

  void began() {
    inFlight.increment();
  }

  /// Notes the end of a request.
  void ended(Request request, int status, long sent, long nanos) {
    inFlight.decrement();
    String method = METHODS.contains(request.method()) ? request.method() : "OTHER";
    String route = request.route().map(RouteInfo::path).orElse("");
    get(requests, new Counted(method, route, status), new Counted("OTHER", "*", 0), LongAdder::new)
        .increment();
    Timing timing = get(times, new Timed(method, route), new Timed("OTHER", "*"), Timing::new);
    if (status != 101) { // the life of a WebSocket is no time of an answer
      timing.add(nanos);
    }
    timing.requestBytes.add(length(request));
    timing.responseBytes.add(sent);
  }

  private static long length(Request request) {
    try {
      return request.header("Content-Length").map(Long::parseLong).orElse(0L);
    } catch (NumberFormatException _) {
      return 0; // only an exchange that is no server's lets that through
    }
  }

  private static <K, V> V get(Map<K, V> all, K key, K others, Supplier<V> maker) {
    V known = all.get(key);
    if (known != null) {
      return known;
    }
    return all.computeIfAbsent(all.size() < MOST ? key : others, _ -> maker.get());
  }

  // Telling

  /// All of it, as text.
  ///
  /// @param loops the loops on which the application runs
  String text(Collection<Loop> loops) {
    StringBuilder out = new StringBuilder(1 << 12);
    head(out, "http_requests_total", "counter", "Requests that were answered.");
    requests.forEach((key, count) ->
        line(
            out,
            "http_requests_total",
            new Timed(key.method, key.route).labels() + ",status=\"" + key.status + '"',
            count.sum()));
    durations(out);
    sizes(out, "http_request_size_bytes", "Bodies of requests of a length that was told.", true);
    sizes(out, "http_response_size_bytes", "Bodies of responses.", false);
    head(out, "http_requests_in_flight", "gauge", "Requests that are being answered.");
    line(out, "http_requests_in_flight", "", inFlight.sum());
    loops(out, loops);
    return out.toString();
  }

  private void durations(StringBuilder out) {
    String name = "http_request_duration_seconds";
    head(out, name, "histogram", "How long answers took, up to their last byte.");
    times.forEach((key, timing) -> {
      long count = 0;
      for (int i = 0; i < timing.buckets.length; i++) {
        count += timing.buckets[i].sum();
        String bound = i == BOUNDS.length ? "+Inf" : Double.toString(BOUNDS[i]);
        line(out, name + "_bucket", key.labels() + ",le=\"" + bound + '"', count);
      }
      line(out, name + "_sum", key.labels(), timing.nanos.sum() / 1e9);
      line(out, name + "_count", key.labels(), count);
    });
  }

  private void sizes(StringBuilder out, String name, String help, boolean ofRequests) {
    head(out, name, "counter", help);
    times.forEach((key, timing) ->
        line(
            out,
            name,
            key.labels(),
            (ofRequests ? timing.requestBytes : timing.responseBytes).sum()));
  }

  private static void loops(StringBuilder out, Collection<Loop> loops) {
    ThrumMXBean inspector = Inspector.local();
    head(out, "thrum_tasks", "gauge", "Tasks that have not ended, of all loops.");
    line(out, "thrum_tasks", "", inspector.getTaskCount());
    head(out, "thrum_stalls_total", "counter", "Steps of tasks that have held their loop.");
    line(out, "thrum_stalls_total", "", inspector.getStallCount());
    head(out, "thrum_loop_lag_seconds", "gauge", "How long a task had to wait for its turn.");
    lags(loops, PATIENCE)
        .forEach((loop, lag) ->
            line(out, "thrum_loop_lag_seconds", "loop=\"" + escaped(loop.name()) + '"', lag));
  }

  /// Of loops that have not ended, all asked at once. One that does not answer may be held for
  /// long: of it is told how long it has not.
  static Map<Loop, Double> lags(Collection<Loop> loops, Duration patience) {
    long begun = System.nanoTime();
    Map<Loop, Task<Long>> asked = new LinkedHashMap<>();
    for (Loop loop : loops) {
      try {
        asked.put(loop, loop.submit(System::nanoTime));
      } catch (RejectedExecutionException _) {
        // it has ended
      }
    }
    boolean _ = Async.timeoutOr(patience, false, () -> wereHeard(asked.values()));
    long now = System.nanoTime();
    Map<Loop, Double> lags = new LinkedHashMap<>();
    asked.forEach((loop, task) -> {
      if (task.cancel("it has not been heard in time")) {
        lags.put(loop, (now - begun) / 1e9);
      } else if (task.outcome() instanceof Outcome.Success<Long>(Long ran)) {
        lags.put(loop, (ran - begun) / 1e9);
      }
    });
    return lags;
  }

  private static boolean wereHeard(Collection<Task<Long>> asked) {
    for (Task<Long> one : asked) {
      try {
        long _ = one.await();
      } catch (CancelledException e) {
        throw e; // not the loop has ended, but this is no longer wanted
      } catch (CancellationException _) {
        // its loop has ended meanwhile
      }
    }
    return true;
  }

  private static void head(StringBuilder out, String name, String type, String help) {
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static void line(StringBuilder out, String name, String labels, Number value) {
    out.append(name);
    if (!labels.isEmpty()) {
      out.append('{').append(labels).append('}');
    }
    String text =
        value instanceof Double seconds
            ? String.format(Locale.ROOT, "%.9f", seconds)
            : value.toString();
    out.append(' ').append(text).append('\n');
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
