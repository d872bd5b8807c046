package dev.thrum.web;

import static dev.thrum.Async.timeout;

import dev.thrum.Async;
import dev.thrum.VoidBody;
import dev.thrum.web.internal.Journal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;

/// Whether an application can do its work, for what watches over it: see [App#health].
///
/// ```java
/// app.health().check("database", () -> pool.ping()).check("disk", () -> blocking(this::room));
/// ```
///
/// `/health/live` is 200 as long as requests are answered at all. `/health/ready` is 200 if all
/// checks are good, and 503 with those that are not if one is bad, or when the application is being
/// ended.
///
/// **Guarantees.** The checks are made side by side, each for as long as [#limit] says at most.
/// That one becomes bad or good again is logged; why is told to nobody else, but in debug mode.
///
/// **Threads.** Checks run in tasks, on the loop of the request. They are registered before the
/// first one.
public final class Health {
  private final App app;
  private final Map<String, VoidBody<?>> checks = new LinkedHashMap<>();
  private final Map<String, String> bad = new ConcurrentHashMap<>();
  private Duration limit = Duration.ofSeconds(5);
  private Duration notice = Duration.ZERO;

  Health(App app) {
    this.app = app;
  }

  /// Adds a check.
  ///
  /// @param name what it is called in answers
  /// @param body fails if something is wrong
  /// @return this
  public Health check(String name, VoidBody<?> body) {
    app.mayChange();
    if (checks.putIfAbsent(name, Objects.requireNonNull(body, "body")) != null) {
      throw new IllegalArgumentException("there is a check \"" + name + "\" already");
    }
    return this;
  }

  /// How long a check may take, at first 5 s; it is bad then.
  ///
  /// @param time more than zero
  /// @return this
  public Health limit(Duration time) {
    app.mayChange();
    if (!time.isPositive()) {
      throw new IllegalArgumentException("a limit of " + time + ": give more than zero");
    }
    limit = time;
    return this;
  }

  /// For how long the application is not ready but still takes requests when a signal ends it
  /// ([App#serve(int)]), so that others are sent elsewhere before it listens no more; at first not
  /// at all.
  ///
  /// @param time zero or more
  /// @return this
  public Health notice(Duration time) {
    app.mayChange();
    if (time.isNegative()) {
      throw new IllegalArgumentException("a notice of " + time + ": give zero or more");
    }
    notice = time;
    return this;
  }

  Duration notice() {
    return notice;
  }

  List<Route> routes() {
    return List.of(
        route("/health/live", _ -> told("up", Map.of())), route("/health/ready", _ -> ready()));
  }

  private Route route(String path, Handler handler) {
    return new Route(app, "GET", path, handler, Optional.empty());
  }

  private static Response told(String status, Map<String, Object> checks) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("status", status);
    if (!checks.isEmpty()) {
      all.put("checks", checks);
    }
    return Response.json(all)
        .status(status.equals("up") ? 200 : 503)
        .header("Cache-Control", "no-store");
  }

  private Response ready() throws Exception {
    if (app.isDraining()) {
      return told("draining", Map.of());
    }
    Map<String, String> results = new ConcurrentHashMap<>();
    Async.forEachAll(
        List.copyOf(checks.entrySet()),
        Math.max(1, checks.size()),
        one -> results.put(one.getKey(), result(one.getKey(), one.getValue())));
    Map<String, Object> shown = new LinkedHashMap<>();
    boolean good = true;
    for (String name : checks.keySet()) {
      String problem = results.getOrDefault(name, "");
      good &= problem.isEmpty();
      shown.put(name, shown(problem));
    }
    return told(good ? "up" : "down", shown);
  }

  private Map<String, String> shown(String problem) {
    if (problem.isEmpty()) {
      return Map.of("status", "up");
    }
    Map<String, String> made = new LinkedHashMap<>();
    made.put("status", "down");
    if (app.isDebug()) {
      made.put("detail", problem);
    }
    return made;
  }

  /// What is wrong; empty if nothing is.
  private String result(String name, VoidBody<?> check) throws Exception {
    try {
      timeout(limit, check);
      if (bad.remove(name) != null) {
        Journal.info("health: " + name + " is good again");
      }
      return "";
    } catch (Throwable e) {
      if (e instanceof Exception cancelled && Errors.isCancellation(cancelled)) {
        throw cancelled;
      }
      String problem = e instanceof TimeoutException ? "not within " + limit : e.toString();
      if (bad.put(name, problem) == null) {
        Journal.error("health: " + name + " is bad", e);
      }
      return problem;
    }
  }
}
