package dev.thrum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A trace file, read as the Trace Event Format says, and checked against it.
final class ParsedTrace {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /// An event of the kind `X`.
  record Slice(
      int track, String name, BigDecimal begin, BigDecimal end, JsonNode args, JsonNode event) {
    boolean contains(BigDecimal time) {
      return begin.compareTo(time) < 0 && time.compareTo(end) < 0;
    }
  }

  /// The events `s` and `f` of one id, with the slices they are in.
  record Arrow(String kind, Slice from, Slice to) {
    @Override
    public String toString() {
      return kind + " " + from.name + " -> " + to.name;
    }
  }

  final Map<Integer, String> tracks = new HashMap<>();
  final List<Slice> slices = new ArrayList<>();
  final List<Arrow> arrows = new ArrayList<>();
  final List<JsonNode> marks = new ArrayList<>();

  private ParsedTrace(JsonNode events) {
    Map<Long, JsonNode> starts = new HashMap<>();
    Map<Long, JsonNode> ends = new HashMap<>();
    assertTrue(events.isArray());
    for (JsonNode event : events) {
      assertEquals(ProcessHandle.current().pid(), event.required("pid").longValue());
      int track = event.required("tid").intValue();
      switch (event.required("ph").textValue()) {
        case "M" -> {
          if (event.required("name").textValue().equals("thread_name")) {
            String name = event.at("/args/name").textValue();
            assertNull(tracks.put(track, name), "a track has one name");
          }
        }
        case "X" -> slices.add(slice(track, event));
        case "i" -> marks.add(event);
        case "s" -> assertNull(starts.put(event.required("id").longValue(), event));
        case "f" -> assertNull(ends.put(event.required("id").longValue(), event));
        default -> throw new AssertionError("unknown kind: " + event);
      }
    }
    assertEquals(starts.keySet(), ends.keySet(), "every arrow has two ends");
    checkSlices();
    starts.forEach((id, start) -> arrows.add(arrow(start, ends.get(id))));
    marks.forEach(this::checkMark);
  }

  static ParsedTrace read(Path file) throws IOException {
    return parse(Files.readString(file));
  }

  static ParsedTrace parse(String text) throws IOException {
    return new ParsedTrace(JSON.readTree(text));
  }

  private static Slice slice(int track, JsonNode event) {
    BigDecimal begin = event.required("ts").decimalValue();
    BigDecimal duration = event.required("dur").decimalValue();
    assertTrue(begin.signum() >= 0 && duration.signum() > 0, event::toString);
    return new Slice(
        track,
        event.required("name").textValue(),
        begin,
        begin.add(duration),
        event.required("args"),
        event);
  }

  private void checkSlices() {
    Comparator<Slice> order = Comparator.comparingInt(Slice::track);
    slices.sort(order.thenComparing(Slice::begin));
    Slice before = null;
    for (Slice slice : slices) {
      assertNotNull(tracks.get(slice.track), () -> "its track has no name: " + slice);
      if (before != null && before.track == slice.track) {
        assertTrue(before.end.compareTo(slice.begin) <= 0, "overlap: " + before + ", " + slice);
      }
      before = slice;
    }
  }

  private Arrow arrow(JsonNode start, JsonNode end) {
    assertEquals("e", end.required("bp").textValue(), "it ends in the slice around it");
    assertEquals(start.required("name"), end.required("name"));
    assertEquals(start.required("cat"), end.required("cat"));
    Slice from = around(start);
    Slice to = around(end);
    assertNotNull(from, start::toString);
    assertNotNull(to, end::toString);
    assertTrue(from.end.compareTo(to.begin) <= 0, "an arrow leads forwards: " + start);
    return new Arrow(start.required("name").textValue(), from, to);
  }

  private void checkMark(JsonNode mark) {
    if (mark.has("args")) {
      assertNotNull(around(mark), () -> "the end of a task lies in its step: " + mark);
    }
  }

  private @Nullable Slice around(JsonNode event) {
    BigDecimal at = event.required("ts").decimalValue();
    int track = event.required("tid").intValue();
    // The last that begins before it, since they are sorted.
    int low = 0;
    int high = slices.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      Slice slice = slices.get(middle);
      boolean before =
          slice.track < track || (slice.track == track && slice.begin.compareTo(at) < 0);
      if (before) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    Slice found = low == 0 ? null : slices.get(low - 1);
    return found != null && found.track == track && found.contains(at) ? found : null;
  }

  List<Slice> steps(String task) {
    return slices.stream().filter(slice -> slice.name.equals(task)).toList();
  }

  /// How the steps of a task ended, and what it then waited for.
  List<String> story(String task) {
    return steps(task).stream()
        .map(step -> {
          JsonNode on = step.args.path("waits for");
          return step.args.path("then").textValue()
              + (on.isMissingNode() ? "" : " for " + on.textValue());
        })
        .toList();
  }

  List<String> arrowsTo(String task) {
    return arrows.stream()
        .filter(arrow -> arrow.to.name.equals(task))
        .sorted(Comparator.comparing(arrow -> arrow.to.begin))
        .map(Arrow::toString)
        .toList();
  }

  List<String> markNames() {
    return marks.stream().map(mark -> mark.required("name").textValue()).toList();
  }
}
