package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.sleep;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.inspect.Inspector;
import dev.thrum.sync.Event;
import dev.thrum.sync.Mutex;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Names that a program has chosen without thinking of those who look at it.
class ShownNamesTest {
  private static final String LOOP = "shown\u001b[31m\nnames";
  private static final String OPTIONS = "loop=shown%1B%5B31m%0Anames";

  @Test
  void noneOfThemControlsATerminal() {
    Runner.builder()
        .name(LOOP)
        .run(() -> {
          var event = Event.create("event\u001b[32m");
          List<Task<?>> waiters = new ArrayList<>();
          for (int i = 0; i < 5; i++) {
            waiters.add(async("w\u001b[33m\u202e-" + i, () -> event.await()));
          }
          sleep(Duration.ofMillis(1));
          for (String view : List.of("ps", "tree", "top", "dump", "waits", "timers")) {
            String text = Inspector.local().text(view, OPTIONS);
            assertTrue(text.chars().allMatch(c -> c == '\n' || !Character.isISOControl(c)), text);
            assertFalse(text.contains("\u202e"), text);
          }
          assertTrue(
              Inspector.local().text("tree", OPTIONS).contains("5 tasks alike"),
              Inspector.local().text("tree", OPTIONS));
          event.set();
          for (Task<?> waiter : waiters) {
            await(waiter);
          }
        });
  }

  @Test
  void aLongOneLeavesRoomAndABlankOneIsSeen() {
    Runner.builder()
        .name("roomy")
        .run(() -> {
          var mutex = Mutex.create("door");
          mutex.lock();
          var blank = async(" ", () -> sleep(Duration.ofHours(1)));
          var wordy = async("x".repeat(5_000), () -> sleep(Duration.ofHours(1)));
          sleep(Duration.ofMillis(1));
          String ps = Inspector.local().text("ps", "loop=roomy&width=80");
          assertTrue(ps.lines().allMatch(line -> line.length() <= 80), ps);
          assertTrue(ps.lines().anyMatch(line -> line.matches("ID .* STATE .* WAITS FOR")), ps);
          assertTrue(ps.contains("task-2"), ps);
          assertTrue(Inspector.local().text("ps", "loop=roomy").contains("x".repeat(5_000)));
          String tree = Inspector.local().text("tree", "loop=roomy");
          assertTrue(tree.contains("holds mutex door\n"), tree);
          mutex.unlock();
          blank.cancel("enough");
          wordy.cancel("enough");
        });
  }
}
