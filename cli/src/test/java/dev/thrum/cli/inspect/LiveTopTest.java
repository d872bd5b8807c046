package dev.thrum.cli.inspect;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The parts of the live table that need no terminal.
class LiveTopTest {
  private static final List<String> TABLE = List.of("loop", "", "TASK", "a", "b", "c");

  @Test
  void scrollingLeavesTheHeadAndTheLastTask() {
    assertEquals(TABLE, LiveTop.window(TABLE, 0));
    assertEquals(List.of("loop", "", "TASK", "c"), LiveTop.window(TABLE, 2));
    assertEquals(List.of("loop", "", "TASK", "c"), LiveTop.window(TABLE, 100));
    assertEquals(List.of("", "TASK"), LiveTop.window(List.of("", "TASK"), 3));
    assertEquals(List.of(), LiveTop.window(List.of(), 3));
  }

  @Test
  void keysOfSeveralBytesAreOneKey() {
    assertEquals(
        List.of(
            new Keys.Key("q"),
            Keys.Key.UP,
            Keys.Key.DOWN,
            Keys.Key.PAGE_UP,
            Keys.Key.PAGE_DOWN,
            new Keys.Key("s")),
        keys("q\033[A\033OB\033[5~\033[6~s"));
    assertEquals(
        List.of(Keys.Key.OTHER, new Keys.Key("n"), Keys.Key.OTHER), keys("\033[1;5Cn\033"));
  }

  private static List<Keys.Key> keys(String typed) {
    Keys keys = Keys.of(new ByteArrayInputStream(typed.getBytes(US_ASCII)));
    var pressed = new ArrayList<Keys.Key>();
    for (Optional<Keys.Key> key = next(keys);
        !key.equals(Optional.of(Keys.Key.NONE));
        key = next(keys)) {
      pressed.add(key.orElseThrow());
    }
    return pressed;
  }

  private static Optional<Keys.Key> next(Keys keys) {
    return keys.next(Duration.ofSeconds(10));
  }

  @Test
  void sttySaysLinesBeforeColumns() {
    assertEquals(new Terminal.Size(120, 40), Terminal.size("40 120\n"));
    for (String odd : new String[] {"", "0 0\n", "stty: what?\n"}) {
      assertEquals(new Terminal.Size(80, 24), Terminal.size(odd));
    }
  }

  @Test
  void everyColumnIsReachedInTurn() {
    var column = TopTable.Column.CPU;
    for (int i = 1; i < TopTable.Column.values().length; i++) {
      column = column.next();
      assertTrue(column != TopTable.Column.CPU);
    }
    assertEquals(TopTable.Column.CPU, column.next());
  }
}
