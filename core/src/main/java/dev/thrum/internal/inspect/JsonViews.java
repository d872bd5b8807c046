package dev.thrum.internal.inspect;

import dev.thrum.internal.Frames;
import dev.thrum.internal.Warnings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// What tools read, as JSON.
final class JsonViews {
  private static final int PAGE = 100;
  private static final int WAITERS_SHOWN = 20;

  private JsonViews() {}

  static String view(String view, Options options) {
    return switch (view) {
      case "overview" -> overview(options);
      case "tasks" -> tasks(options);
      case "tree" -> tree(options);
      case "task" -> task(options);
      case "waits" -> WaitsView.json(Picture.take(options.loop()));
      case "things" -> things(options);
      case "timers" -> timers(options);
      case "history" -> history(options);
      case "warnings" -> warnings();
      case "stalls" -> stalls(options);
      case "dump" -> dump(options);
      default ->
          throw new IllegalArgumentException(
              "there is no view '"
                  + view
                  + "'; there are overview, tasks, tree, task, waits, things, timers, history,"
                  + " warnings, stalls and dump");
    };
  }

  // Loops

  private static String overview(Options options) {
    Picture picture = Picture.take(options.loop());
    return Json.object(json ->
        head(json)
            .put("loops", picture.looks(), JsonViews::loop)
            .put("warnings", Warnings.count()));
  }

  private static Json head(Json json) {
    ProcessHandle process = ProcessHandle.current();
    return json.put("pid", process.pid())
        .put("command", Program.name())
        .put("atMs", System.currentTimeMillis())
        .put("uptimeMs", Program.uptimeMillis());
  }

  private static void loop(Json json, Look look) {
    Watched loop = look.loop();
    Seen running = loop.running();
    Samples samples = loop.samples();
    json.put("name", loop.name())
        .put("engine", loop.engineName())
        .put("debug", loop.debug())
        .put("state", state(loop));
    if (running == null) {
      json.putNull("running");
    } else {
      json.put("running", inside -> inside.put("id", running.id()).put("name", running.name()));
    }
    json.put("tasks", look.tasks().size())
        .put("ready", loop.readyCount())
        .put("timers", loop.timerCount())
        .put("steps", loop.steps())
        .put("busySamples", samples.busy.get())
        .put("samples", samples.taken.get())
        .put("stalls", samples.stalls.get())
        .put("ended", loop.history().count())
        .put(
            "histogram",
            inside ->
                inside
                    .put("boundsNanos", Histogram.boundsNanos())
                    .put("counts", loop.histogram().counts()));
  }

  static String state(Watched loop) {
    return loop.samples().current != null
        ? "stalled"
        : loop.running() != null || loop.readyCount() > 0 ? "running" : "idle";
  }

  // Tasks

  private static String tasks(Options options) {
    Picture picture = Picture.take(options.loop());
    List<Sight> matching = new ArrayList<>(Filter.of(picture, options.filter()));
    matching.sort(Filter.order(options.text("sort", "id")));
    return Json.object(json ->
        json.put("total", picture.tasks().size())
            .put("matching", matching.size())
            .put(
                "tasks", page(matching, options), (inside, sight) -> task(inside, picture, sight)));
  }

  private static <T> List<T> page(List<T> all, Options options) {
    int from = Math.min(all.size(), options.number("offset", 0));
    int to = (int) Math.min(all.size(), (long) from + options.number("limit", PAGE));
    return all.subList(from, to);
  }

  private static String tree(Options options) {
    Picture picture = Picture.take(options.loop());
    long parent = options.id("parent", 0);
    List<Sight> nodes = new ArrayList<>();
    for (Look look : picture.looks()) {
      look.tasks().stream().filter(sight -> sight.owner() == parent).forEach(nodes::add);
    }
    List<Sight> page = page(nodes, options);
    int left = nodes.size() - options.number("offset", 0) - page.size();
    return Json.object(json ->
        json.put("nodes", page, (inside, sight) -> task(inside, picture, sight))
            .put("more", Math.max(0, left)));
  }

  private static void task(Json json, Picture picture, Sight sight) {
    json.put("loop", picture.loopOf(sight).name()).put("id", sight.id()).put("name", sight.title());
    number(json, "parent", sight.owner() == 0 ? -1 : sight.owner());
    json.put("scope", picture.scopeOf(sight))
        .put("kind", sight.kind().text())
        .put("state", sight.state().text())
        .put("ageMs", Ticks.millisSince(sight.born()))
        .put("steps", sight.steps())
        .put("cpuMs", sight.samples() * Ticks.MILLIS)
        .put("cancelled", sight.cancelled());
    String waitsFor = picture.waitsFor(sight);
    json.put("waitsFor", waitsFor);
    number(json, "waitsMs", waitsFor == null ? -1 : Ticks.millisSince(sight.since()));
    json.put("thing", picture.thing(sight).map(Picture::idOf).orElse(null))
        .put(
            "holders",
            waitsFor == null ? List.<Picture.Holder>of() : picture.holders(sight),
            (inside, holder) -> holder(inside, picture, holder));
    number(json, "dueMs", sight.dueIn());
    json.put("children", sight.children());
  }

  private static void number(Json json, String name, long value) {
    if (value < 0) {
      json.putNull(name);
    } else {
      json.put(name, value);
    }
  }

  private static void holder(Json json, Picture picture, Picture.Holder holder) {
    Sight sight = holder.sight();
    if (sight == null) {
      json.put("thread", holder.name());
    } else {
      reference(json, picture, sight);
    }
  }

  static void reference(Json json, Picture picture, Sight sight) {
    json.put("loop", picture.loopOf(sight).name()).put("id", sight.id()).put("name", sight.title());
  }

  private static String task(Options options) {
    Picture picture = Picture.take(options.loop());
    Sight sight = picture.find(options.loop(), options.id("id", 0));
    Throwable origin = sight.origin();
    return Json.object(json -> {
      task(json, picture, sight);
      json.putTexts("stack", frames(picture.stack(sight)))
          .put("scopes", sight.scopes(), JsonViews::scope)
          .putTexts("holds", holds(sight));
      if (origin == null) {
        json.putNull("origin");
      } else {
        json.putTexts("origin", frames(List.of(Frames.own(origin.getStackTrace()))));
      }
      json.put(
          "awaitedBy",
          picture.awaitedBy(sight),
          (inside, other) -> reference(inside, picture, other));
    });
  }

  private static void scope(Json json, Sight.Scope scope) {
    json.put("kind", scope.kind()).put("detail", scope.detail()).put("children", scope.children());
  }

  private static List<String> holds(Sight sight) {
    return sight.holds().stream().map(Words::thing).toList();
  }

  private static List<String> frames(List<StackTraceElement> stack) {
    return stack.stream().map(Frames::text).toList();
  }

  // Things and timers

  private static String things(Options options) {
    Picture picture = Picture.take(options.loop());
    return Json.object(json ->
        json.put(
            "things",
            page(picture.things(), options),
            (inside, thing) ->
                inside
                    .put("id", Picture.idOf(thing.thing()))
                    .put("text", Words.thing(thing.thing()))
                    .put("holders", thing.holders(), (at, holder) -> holder(at, picture, holder))
                    .put("waiting", thing.waiters().size())
                    .put(
                        "waiters",
                        thing.waiters().stream().limit(WAITERS_SHOWN).toList(),
                        (at, waiter) -> reference(at, picture, waiter))));
  }

  private static String timers(Options options) {
    Picture picture = Picture.take(options.loop());
    List<Timed> timed = Timed.of(picture);
    return Json.object(json ->
        json.put(
                "timers",
                page(timed, options),
                (inside, timer) -> {
                  reference(inside, picture, timer.sight());
                  inside.put("dueMs", timer.dueMillis()).put("what", timer.what());
                })
            .put("total", timed.size()));
  }

  // The past

  private static String history(Options options) {
    List<Timed.Past> ended = Timed.history(options);
    return Json.object(json ->
        json.put(
            "ended",
            page(ended, options),
            (inside, past) -> {
              History.Ended task = past.ended();
              inside
                  .put("loop", past.loop())
                  .put("id", task.id())
                  .put("name", task.name())
                  .put("state", task.how().name().toLowerCase(Locale.ROOT))
                  .put("failure", task.failure())
                  .put("ageMs", task.ageMillis())
                  .put("agoMs", task.agoMillis())
                  .put("steps", task.steps());
            }));
  }

  private static String warnings() {
    return Json.object(json ->
        json.put(
            "warnings",
            WarningsView.all(),
            (inside, warning) ->
                inside.put("atMs", warning.atMillis()).put("text", warning.text())));
  }

  private static String stalls(Options options) {
    return Json.object(json ->
        json.put("count", StallLog.count())
            .put(
                "worst",
                page(StallLog.worst(), options),
                (inside, place) -> stall(inside, place.worst(), place.times()))
            .put(
                "recent",
                page(StallLog.recent(), options),
                (inside, stall) -> stall(inside, stall, 1))
            .put("current", current(), (inside, stall) -> stall(inside, stall, 1)));
  }

  static List<Stall> current() {
    return Sampler.loops().stream()
        .flatMap(loop -> Stream.ofNullable(loop.samples().current))
        .toList();
  }

  private static void stall(Json json, Stall stall, long times) {
    json.put("atMs", stall.atMillis())
        .put("loop", stall.loop())
        .put("task", inside -> inside.put("id", stall.task()).put("name", stall.name()))
        .put("kind", stall.cause().kind().text())
        .put("ms", stall.millis())
        .put("times", times)
        .put("site", stall.site())
        .put("advice", stall.cause().advice())
        .putTexts("stack", frames(stall.stack()));
  }

  // Everything

  /// Each stack stands there once; tasks name it by its number.
  private static String dump(Options options) {
    Picture picture = Picture.take(options.loop());
    picture.readStacks();
    Map<List<StackTraceElement>, Integer> stacks = new LinkedHashMap<>();
    return Json.object(json -> {
      head(json)
          .put("loops", picture.looks(), JsonViews::loop)
          .put(
              "tasks",
              picture.tasks(),
              (inside, sight) -> {
                task(inside, picture, sight);
                int next = stacks.size();
                List<StackTraceElement> stack = picture.stack(sight);
                inside
                    .put("scopes", sight.scopes(), JsonViews::scope)
                    .putTexts("holds", holds(sight))
                    .put("stack", stacks.computeIfAbsent(stack, _ -> next));
              })
          .put(
              "stacks",
              (Consumer<Json>)
                  inside ->
                      stacks.forEach((stack, number) ->
                          inside.putTexts(String.valueOf(number), frames(stack))))
          .put(
              "cycles",
              picture.cycles(),
              (inside, cycle) ->
                  inside.put("tasks", cycle, (at, sight) -> reference(at, picture, sight)));
    });
  }
}
