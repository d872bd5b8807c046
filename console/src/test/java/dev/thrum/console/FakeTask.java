package dev.thrum.console;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A task of the pretended program.
record FakeTask(
    String loop,
    long id,
    String name,
    @Nullable Long parent,
    @Nullable String scope,
    String kind,
    String state,
    long ageMs,
    long steps,
    long cpuMs,
    @Nullable String waitsFor,
    @Nullable String thing,
    List<Map<String, @Nullable Object>> holders,
    @Nullable Long dueMs,
    long children) {

  static FakeTask of(String loop, long id, String name, @Nullable Long parent) {
    return new FakeTask(
        loop,
        id,
        name,
        parent,
        parent == null ? null : "scope",
        parent == null ? "main" : "child",
        "waiting",
        90_000 - Math.min(80_000, id / 2),
        10 + id % 977,
        id % 13,
        null,
        null,
        List.of(),
        null,
        0);
  }

  FakeTask state(String state) {
    return new FakeTask(
        loop, id, name, parent, scope, kind, state, ageMs, steps, cpuMs, waitsFor, thing, holders,
        dueMs, children);
  }

  FakeTask kind(String kind) {
    return new FakeTask(
        loop, id, name, parent, scope, kind, state, ageMs, steps, cpuMs, waitsFor, thing, holders,
        dueMs, children);
  }

  FakeTask children(long children) {
    return new FakeTask(
        loop, id, name, parent, scope, kind, state, ageMs, steps, cpuMs, waitsFor, thing, holders,
        dueMs, children);
  }

  FakeTask waitsFor(String what) {
    return new FakeTask(
        loop, id, name, parent, scope, kind, "waiting", ageMs, steps, cpuMs, what, null, List.of(),
        null, children);
  }

  FakeTask sleeps(long dueMs) {
    return new FakeTask(
        loop, id, name, parent, scope, kind, "waiting", ageMs, steps, cpuMs, "sleep", null,
        List.of(), dueMs, children);
  }

  FakeTask waitsFor(String what, String thing, FakeTask... holders) {
    return new FakeTask(
        loop,
        id,
        name,
        parent,
        scope,
        kind,
        "waiting",
        ageMs,
        steps,
        cpuMs,
        what,
        thing,
        List.of(holders).stream().map(FakeTask::reference).toList(),
        null,
        children);
  }

  FakeTask busy(long steps, long cpuMs) {
    return new FakeTask(
        loop, id, name, parent, scope, kind, state, ageMs, steps, cpuMs, waitsFor, thing, holders,
        dueMs, children);
  }

  boolean matches(String filter) {
    return filter.isEmpty()
        || name.contains(filter)
        || state.contains(filter)
        || (waitsFor != null && waitsFor.contains(filter));
  }

  Map<String, @Nullable Object> reference() {
    return Json.object("loop", loop, "id", id, "name", name);
  }

  Map<String, @Nullable Object> json() {
    return Json.object(
        "loop", loop,
        "id", id,
        "name", name,
        "parent", parent,
        "scope", scope,
        "kind", kind,
        "state", state,
        "ageMs", ageMs,
        "steps", steps,
        "cpuMs", cpuMs,
        "cancelled", null,
        "waitsFor", waitsFor,
        "waitsMs", waitsFor == null ? null : ageMs / 3,
        "thing", thing,
        "holders", holders,
        "dueMs", dueMs,
        "children", children);
  }
}
