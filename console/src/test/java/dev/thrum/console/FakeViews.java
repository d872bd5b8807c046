package dev.thrum.console;

import static dev.thrum.console.Json.object;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The smaller views of the pretended program.
final class FakeViews {

  private FakeViews() {}

  static List<String> stack(FakeTask task) {
    return List.of(
        "dev.thrum.TaskImpl.park(TaskImpl.java:412)",
        "dev.thrum.sync.MutexImpl.lock(MutexImpl.java:61)",
        "shop.Accounts.transfer(Accounts.java:88)",
        "shop.Accounts.lambda$move$2(Accounts.java:71)",
        "shop.Server.%s(Server.java:%d)"
            .formatted(task.id() < 1_000 ? "background" : "session", task.id() % 400),
        "dev.thrum.TaskImpl.run(TaskImpl.java:231)",
        "java.lang.VirtualThread.run(VirtualThread.java:456)");
  }

  static Object waits() {
    List<Map<String, @Nullable Object>> nodes = new ArrayList<>();
    nodes.add(node("loop-1/5", "transfer A to B", "task", 1));
    nodes.add(node("loop-1/6", "transfer B to A", "task", 1));
    nodes.add(node("t1", "mutex \"account A\"", "thing", 1));
    nodes.add(node("t2", "mutex \"account B\"", "thing", 1));
    nodes.add(node("like session → t4", "session", "task", 2_500));
    nodes.add(node("t4", "channel \"jobs\" (0 of 64)", "thing", 1));
    nodes.add(node("like fetch → t3", "fetch", "task", 40));
    nodes.add(node("t3", "semaphore \"8 at once\" (0 of 8 free)", "thing", 1));
    nodes.add(node("thread/31", "thread pool-2-thread-1", "thread", 1));
    nodes.add(node("loop-1/1", "main", "task", 1));
    nodes.add(node("loop-1/7", "sessions", "task", 1));
    nodes.add(node("loop-1/4", "audit", "task", 1));
    return object(
        "nodes",
        nodes,
        "edges",
        List.of(
            edge("loop-1/5", "t2", "waits for"),
            edge("t2", "loop-1/6", "held by"),
            edge("loop-1/6", "t1", "waits for"),
            edge("t1", "loop-1/5", "held by"),
            edge("like session → t4", "t4", "waits for"),
            edge("like fetch → t3", "t3", "waits for"),
            edge("t3", "thread/31", "held by"),
            edge("loop-1/4", "t1", "waits for"),
            edge("loop-1/1", "loop-1/7", "waits for"),
            edge("loop-1/7", "like session → t4", "waits for")),
        "cycles",
        List.of(List.of("loop-1/5", "t2", "loop-1/6", "t1")),
        "left",
        0);
  }

  private static Map<String, @Nullable Object> node(String id, String label, String kind, int n) {
    return object("id", id, "label", label, "kind", kind, "count", n);
  }

  private static Map<String, @Nullable Object> edge(String from, String to, String label) {
    return object("from", from, "to", to, "label", label);
  }

  private static Map<String, @Nullable Object> task(String loop, long id, String name) {
    return object("loop", loop, "id", id, "name", name);
  }

  static Object things() {
    return object(
        "things",
        List.of(
            thing(
                "t1",
                "mutex \"account A\"",
                List.of(task("loop-1", 5, "transfer A to B")),
                2,
                List.of(task("loop-1", 6, "transfer B to A"), task("loop-1", 4, "audit"))),
            thing(
                "t2",
                "mutex \"account B\"",
                List.of(task("loop-1", 6, "transfer B to A")),
                1,
                List.of(task("loop-1", 5, "transfer A to B"))),
            thing(
                "t3",
                "semaphore \"8 at once\" (0 of 8 free)",
                List.of(object("thread", "pool-2-thread-1")),
                40,
                IntStream.range(2, 22).mapToObj(i -> task("loop-2", i, "fetch-" + i)).toList()),
            thing(
                "t4",
                "channel \"jobs\" (0 of 64)",
                List.of(),
                2_500,
                IntStream.range(0, 20)
                    .mapToObj(i -> task("loop-1", 1_001 + 40L * i, "session-" + (2 + 40 * i)))
                    .toList())));
  }

  private static Object thing(
      String id, String text, List<?> holders, int waiting, List<?> waiters) {
    return object(
        "id", id, "text", text, "holders", holders, "waiting", waiting, "waiters", waiters);
  }

  static Object history(String filter) {
    return object(
        "ended",
        IntStream.range(0, 200)
            .mapToObj(i ->
                object(
                    "loop",
                    "loop-1",
                    "id",
                    900_000 - i,
                    "name",
                    "request-" + (90_000 - i),
                    "state",
                    i % 23 == 3 ? "failed" : i % 17 == 2 ? "cancelled" : "succeeded",
                    "failure",
                    i % 23 == 3 ? "java.io.IOException: Connection reset by peer" : null,
                    "ageMs",
                    4 + i * 31 % 900,
                    "agoMs",
                    20 + i * 210,
                    "steps",
                    3 + i % 11))
            .filter(ended -> String.valueOf(ended.get("name")).contains(filter))
            .toList());
  }

  static Object warnings(long began) {
    return object(
        "warnings",
        List.of(
            object(
                "atMs",
                began + 700_000,
                "text",
                "Task 'report' has swallowed its cancellation: it caught CancelledException at shop.Report.build(Report.java:40) and went on."),
            object(
                "atMs",
                began + 240_000,
                "text",
                "The body of task 'export' left a Subprocess open; it was ended with the task."),
            object(
                "atMs",
                began + 1_000,
                "text",
                "This JVM runs the portable engine on loop-2. For waits of the JDK as suspension points start it with --add-opens java.base/java.lang=ALL-UNNAMED.")));
  }

  static Object stalls(long began) {
    List<Map<String, @Nullable Object>> recent =
        List.of(
            stall(
                began + 733_000,
                12,
                "session-12",
                "CPU loop",
                412,
                3,
                "shop.Prices.recalculate(Prices.java:131)",
                "Call it in parallel(…), or put checkpoint() into the loop."),
            stall(
                began + 650_000,
                4,
                "janitor",
                "file I/O",
                1_280,
                1,
                "java.io.RandomAccessFile.readBytes(Native Method)",
                "Use AsyncFiles, or put the call into blocking(…)."),
            stall(
                began + 90_000,
                2,
                "accept",
                "name lookup",
                5_004,
                1,
                "java.net.Inet6AddressImpl.lookupAllHostAddr(Native Method)",
                "Use Net.connect, which looks names up beside the loop."));
    return object("count", 3, "worst", recent.reversed(), "recent", recent, "current", List.of());
  }

  private static Map<String, @Nullable Object> stall(
      long at, long id, String name, String kind, long ms, int times, String site, String advice) {
    return object(
        "atMs", at,
        "loop", "loop-1",
        "task", object("id", id, "name", name),
        "kind", kind,
        "ms", ms,
        "times", times,
        "site", site,
        "advice", advice,
        "stack",
            List.of(
                site,
                "shop.Server.handle(Server.java:77)",
                "shop.Server.lambda$session$0(Server.java:59)",
                "dev.thrum.TaskImpl.run(TaskImpl.java:231)"));
  }
}
