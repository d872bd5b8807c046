package dev.thrum.explored;

import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeoutOr;
import static dev.thrum.explored.Every.every;
import static dev.thrum.explored.Every.everyTiming;
import static dev.thrum.explored.Every.finds;
import static dev.thrum.explored.Every.together;
import static dev.thrum.explored.Every.unlessCancelled;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.VoidBody;
import dev.thrum.stream.Generator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExploredGeneratorTest {

  /// Counts to three and knows how many of it are open.
  private static final class Counter {
    private int open;

    Generator<Integer> count() {
      return Generator.of(y -> {
        open++;
        try {
          for (int i = 1; i <= 3; i++) {
            checkpoint();
            y.emit(i);
          }
        } finally {
          open--;
        }
      });
    }

    void assertClosed() {
      assertEquals(0, open);
    }
  }

  @Test
  void itGivesItsItemsInOrder() {
    every(() -> {
      var counter = new Counter();
      VoidBody<?> read =
          () -> {
            List<Integer> items = new ArrayList<>();
            unlessCancelled(() -> {
              for (int item : counter.count()) {
                items.add(item);
              }
              assertEquals(List.of(1, 2, 3), items);
            });
          };
      together(read, () -> checkpoint());
      counter.assertClosed();
    });
  }

  @Test
  void itRunsOnlyWhileItIsAsked() {
    every(() -> {
      boolean[] asked = new boolean[1];
      together(
          () ->
              unlessCancelled(() -> {
                try (var items =
                    Generator.<Integer>of(
                            y -> {
                              for (int i = 0; i < 2; i++) {
                                assertTrue(asked[0]);
                                checkpoint();
                                assertTrue(asked[0]);
                                y.emit(i);
                              }
                            })
                        .iterator()) {
                  for (int i = 0; i < 2; i++) {
                    asked[0] = true;
                    items.next();
                    asked[0] = false;
                    checkpoint();
                  }
                  asked[0] = true;
                }
              }),
          () -> checkpoint());
    });
  }

  @Test
  void itsFinallyIsOverWhenItIsClosed() {
    every(() -> {
      var counter = new Counter();
      together(
          () -> {
            unlessCancelled(() -> {
              try (var items = counter.count().iterator()) {
                items.next();
                checkpoint();
              }
            });
            counter.assertClosed();
          },
          () -> checkpoint());
      counter.assertClosed();
    });
  }

  @Test
  void oneThatIsLeftOpenIsClosedWithItsScope() {
    every(() -> {
      var counter = new Counter();
      together(() -> {
        unlessCancelled(() ->
            scope(_ -> {
              for (int item : counter.count()) {
                if (item == 2) {
                  break;
                }
              }
            }));
        counter.assertClosed();
      });
      counter.assertClosed();
    });
  }

  @Test
  void anItemThatComesAsTheTimeIsOverComesWithTheNextCall() {
    everyTiming(() ->
        together(() ->
            unlessCancelled(() -> {
              List<Integer> read = new ArrayList<>();
              try (var items =
                  Generator.<Integer>of(
                          y -> {
                            for (int i = 1; i <= 2; i++) {
                              sleep(ofSeconds(1));
                              y.emit(i);
                            }
                          })
                      .iterator()) {
                int first = timeoutOr(ofSeconds(1), -1, () -> items.next());
                if (first > 0) {
                  read.add(first);
                }
                while (items.hasNext()) {
                  read.add(items.next());
                }
              }
              assertEquals(List.of(1, 2), read);
            })));
  }

  @Test
  void aBodyThatIsThoughtToRunAheadIsFound() {
    finds(() -> {
      List<Integer> made = new ArrayList<>();
      var items =
          Generator.<Integer>of(
                  y -> {
                    for (int i = 1; i <= 2; i++) {
                      made.add(i);
                      y.emit(i);
                    }
                  })
              .iterator();
      items.next();
      checkpoint();
      assertEquals(List.of(1, 2), made);
    });
  }
}
