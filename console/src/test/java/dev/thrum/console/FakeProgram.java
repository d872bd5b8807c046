package dev.thrum.console;

import static dev.thrum.console.Json.object;

import dev.thrum.inspect.ThrumMXBean;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A program that does not run: a server with 100,000 sessions on one loop, a crawler on another,
/// two tasks in a deadlock, and counters that grow with the time of day.
final class FakeProgram implements ThrumMXBean {

  static final String HOSTILE = "<img src=x onerror=\"document.title='broken in'\">";
  static final int SESSIONS = 100_000;

  private final long began = System.currentTimeMillis() - 754_000;
  private final Map<String, List<FakeTask>> loops = new HashMap<>();
  private final Map<Long, List<FakeTask>> children = new HashMap<>();
  private final List<String> cancelled = new ArrayList<>();
  private volatile @Nullable RuntimeException failure;

  FakeProgram() {
    FakeTask main = FakeTask.of("loop-1", 1, "main", null).children(7).waitsFor("its children");
    FakeTask ab = FakeTask.of("loop-1", 5, "transfer A to B", 1L);
    FakeTask ba = FakeTask.of("loop-1", 6, "transfer B to A", 1L);
    List<FakeTask> server = new ArrayList<>();
    server.add(main);
    server.add(FakeTask.of("loop-1", 2, "accept", 1L).waitsFor("connection on *:8080"));
    server.add(
        FakeTask.of("loop-1", 3, "metrics", 1L)
            .state("running")
            .busy(81_234, 9_870)
            .kind("background"));
    server.add(FakeTask.of("loop-1", 4, "janitor", 1L).sleeps(4_200).kind("background"));
    server.add(ab.waitsFor("mutex \"account B\", held by transfer B to A", "t2", ba));
    server.add(ba.waitsFor("mutex \"account A\", held by transfer A to B", "t1", ab));
    server.add(
        FakeTask.of("loop-1", 7, "sessions", 1L).children(SESSIONS).waitsFor("its children"));
    server.add(FakeTask.of("loop-1", 8, HOSTILE, 1L).state("failed, not awaited"));
    for (long id = 1_000; id < 1_000 + SESSIONS; id++) {
      server.add(session(id));
    }
    loops.put("loop-1", server);
    List<FakeTask> crawler = new ArrayList<>();
    crawler.add(FakeTask.of("loop-2", 1, "crawl", null).children(40).waitsFor("its children"));
    for (long id = 2; id < 42; id++) {
      crawler.add(
          FakeTask.of("loop-2", id, "fetch-" + id, 1L)
              .waitsFor("permit of semaphore \"8 at once\"", "t3"));
    }
    loops.put("loop-2", crawler);
    for (FakeTask task : server) {
      children
          .computeIfAbsent(Objects.requireNonNullElse(task.parent(), 0L), _ -> new ArrayList<>())
          .add(task);
    }
  }

  private static FakeTask session(long id) {
    FakeTask task = FakeTask.of("loop-1", id, "session-" + (id - 999), 7L);
    return switch ((int) (id % 40)) {
      case 0 -> task.sleeps(100 + id * 37 % 60_000);
      case 1 -> task.waitsFor("item of channel \"jobs\"", "t4");
      case 2 -> task.state("ready");
      case 3 -> task.state("in a JDK call").busy(id % 5000, id % 800);
      default -> task.waitsFor("bytes from 10.0.%d.%d".formatted(id / 250 % 250, id % 250));
    };
  }

  /// From now on the program does not answer, as one that has ended.
  void fail(RuntimeException failure) {
    this.failure = failure;
  }

  List<String> cancelled() {
    synchronized (cancelled) {
      return List.copyOf(cancelled);
    }
  }

  @Override
  public int getLoopCount() {
    return loops.size();
  }

  @Override
  public long getTaskCount() {
    return all("").count();
  }

  @Override
  public long getStallCount() {
    return 3;
  }

  @Override
  public String text(String view, String options) {
    return view;
  }

  @Override
  public boolean cancel(String loop, long task, String reason) {
    synchronized (cancelled) {
      cancelled.add("%s/%d: %s".formatted(loop, task, reason));
    }
    return true;
  }

  @Override
  public String json(String view, String options) {
    RuntimeException broken = failure;
    if (broken != null) {
      throw broken;
    }
    Query query = Query.of(options);
    return Json.write(
        switch (view) {
          case "overview" -> FakeCounters.overview(began, loops);
          case "tasks" -> tasks(query);
          case "tree" -> tree(query);
          case "task" -> task(query);
          case "waits" -> FakeViews.waits();
          case "things" -> FakeViews.things();
          case "timers" -> timers(number(query, "limit", 100));
          case "history" -> FakeViews.history(query.get("filter"));
          case "warnings" -> FakeViews.warnings(began);
          case "stalls" -> FakeViews.stalls(began);
          default -> throw new IllegalArgumentException("There is no view '%s'.".formatted(view));
        });
  }

  private Stream<FakeTask> all(String loop) {
    return loops.entrySet().stream()
        .filter(e -> loop.isEmpty() || e.getKey().equals(loop))
        .sorted(Map.Entry.comparingByKey())
        .flatMap(e -> e.getValue().stream());
  }

  private Object tasks(Query query) {
    List<FakeTask> matching =
        all(query.get("loop"))
            .filter(task -> task.matches(query.get("filter")))
            .sorted(order(query.get("sort")))
            .toList();
    return object(
        "total", all(query.get("loop")).count(),
        "matching", matching.size(),
        "tasks", page(matching, query));
  }

  private static Comparator<FakeTask> order(String sort) {
    return switch (sort) {
      case "steps" -> Comparator.comparingLong(FakeTask::steps).reversed();
      case "cpu" -> Comparator.comparingLong(FakeTask::cpuMs).reversed();
      case "name" -> Comparator.comparing(FakeTask::name);
      case "state" -> Comparator.comparing(FakeTask::state);
      case "age", "" -> Comparator.comparingLong(FakeTask::ageMs).reversed();
      case "id" -> Comparator.comparingLong(FakeTask::id);
      default ->
          throw new IllegalArgumentException(
              "sort is one of age, steps, cpu, name, state, id, not '%s'.".formatted(sort));
    };
  }

  private Object tree(Query query) {
    String loop = query.get("loop");
    List<FakeTask> nodes =
        query.get("parent").isEmpty()
            ? all(loop).filter(task -> task.parent() == null).toList()
            : loop.equals("loop-1")
                ? children.getOrDefault(number(query, "parent", 0), List.of())
                : all(loop).filter(task -> task.parent() != null).toList();
    List<?> page = page(nodes, query);
    long offset = number(query, "offset", 0);
    return object("nodes", page, "more", Math.max(0, nodes.size() - offset - page.size()));
  }

  private static List<?> page(List<FakeTask> tasks, Query query) {
    return tasks.stream()
        .skip(number(query, "offset", 0))
        .limit(number(query, "limit", 100))
        .map(FakeTask::json)
        .toList();
  }

  private Object task(Query query) {
    long id = number(query, "id", 0);
    FakeTask task =
        all(query.get("loop"))
            .filter(candidate -> candidate.id() == id)
            .findFirst()
            .orElseThrow(
                () -> new IllegalArgumentException("Task %d is not there any more.".formatted(id)));
    Map<String, @Nullable Object> json = task.json();
    json.put("stack", FakeViews.stack(task));
    json.put(
        "scopes",
        List.of(object("kind", "timeout", "detail", "ends in 3.2 s", "children", task.children())));
    json.put("holds", id == 5 ? List.of("mutex \"account A\"") : List.of());
    json.put("origin", null);
    json.put(
        "awaitedBy",
        task.parent() == null ? List.of() : List.of(loops.get(task.loop()).getFirst().reference()));
    return json;
  }

  private Object timers(long limit) {
    List<?> timers =
        IntStream.range(0, (int) limit)
            .mapToObj(i ->
                object(
                    "loop", "loop-1",
                    "id", 1_000 + i * 40,
                    "name", "session-" + (1 + i * 40),
                    "dueMs", 12 + i * 37,
                    "what", i % 5 == 4 ? "timeout" : "sleep"))
            .toList();
    return object("timers", timers, "total", 2_501);
  }

  private static long number(Query query, String name, long otherwise) {
    String value = query.get(name);
    try {
      return value.isEmpty() ? otherwise : Long.parseLong(value);
    } catch (NumberFormatException _) {
      throw new IllegalArgumentException("%s is a number, not '%s'.".formatted(name, value));
    }
  }
}
