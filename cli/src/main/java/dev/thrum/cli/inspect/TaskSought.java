package dev.thrum.cli.inspect;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A task that was found by its number, which is its own within its loop only.
///
/// @param loop the loop's name
/// @param id its number
/// @param json what the target says of it
record TaskSought(String loop, long id, Json json) {

  /// Finds it in a loop, or in the only one that has such a task.
  static TaskSought find(Target target, long id, Optional<String> loop) throws TargetException {
    List<String> loops = loops(target);
    if (loop.isPresent() && !loops.contains(loop.get())) {
      throw new TargetException(
          "there is no loop '%s'; there %s"
              .formatted(
                  loop.get(),
                  loops.size() == 1
                      ? "is only " + loops.getFirst()
                      : "are " + String.join(" and ", loops)));
    }
    var found = new ArrayList<TaskSought>();
    for (String each : loop.map(List::of).orElse(loops)) {
      in(target, id, each).ifPresent(found::add);
    }
    if (found.isEmpty()) {
      String where = loop.map(" of "::concat).orElse("");
      throw new TargetException("there is no task " + id + where + "; perhaps it has ended");
    }
    if (found.size() > 1) {
      throw new TargetException(
          found.stream()
              .map(TaskSought::loop)
              .collect(
                  Collectors.joining(
                      " and ", "there is a task " + id + " of ", "; --loop says which")));
    }
    return found.getFirst();
  }

  private static List<String> loops(Target target) throws TargetException {
    return Json.parse(target.json("overview", Query.NONE)).get("loops").elements().stream()
        .flatMap(loop -> loop.get("name").text().stream())
        .distinct()
        .toList();
  }

  private static Optional<TaskSought> in(Target target, long id, String loop)
      throws TargetException {
    try {
      Query query = Query.NONE.with("loop", loop).with("id", id);
      return Optional.of(new TaskSought(loop, id, Json.parse(target.json("task", query))));
    } catch (TargetException e) {
      if (e.isRefusal()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// The task in words for those who know the program.
  String description() {
    return Output.line(
        "task %d%s of %s"
            .formatted(id, json.get("name").text().map(" \"%s\""::formatted).orElse(""), loop));
  }

  /// What it does now, and what else ends with it.
  String circumstances() {
    long children = json.get("children").number();
    String state =
        json.get("waitsFor")
            .text()
            .map("waiting for "::concat)
            .orElse(json.get("state").text().orElse(""));
    String others =
        children == 0
            ? ""
            : children == 1 ? ", with its child" : ", with its " + children + " children";
    return Output.line(state + others);
  }
}
