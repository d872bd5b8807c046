package dev.thrum.explored;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.background;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.scope;
import static dev.thrum.explored.Every.end;
import static dev.thrum.explored.Every.every;
import static dev.thrum.explored.Every.finds;
import static dev.thrum.explored.Every.together;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.thrum.TaskLocal;
import org.junit.jupiter.api.Test;

class ExploredTaskLocalTest {

  @Test
  void eachTaskHasItsOwn() {
    every(() -> {
      TaskLocal<String> user = TaskLocal.of("nobody");
      together(
          () -> {
            user.set("ada");
            checkpoint();
            assertEquals("ada", user.get());
          },
          () -> {
            user.set("bob");
            checkpoint();
            assertEquals("bob", user.get());
          },
          () -> {
            assertEquals("nobody", user.get());
            checkpoint();
            assertEquals("nobody", user.get());
          });
      assertEquals("nobody", user.get());
    });
  }

  @Test
  void aChildHasWhatItsParentHadWhenItWasStarted() {
    every(() -> {
      TaskLocal<Integer> number = TaskLocal.of(0);
      number.set(1);
      var first =
          async(() -> {
            assertEquals(1, number.get());
            checkpoint();
            number.set(10);
            assertEquals(10, number.get());
          });
      number.set(2);
      var second =
          async(() -> {
            checkpoint();
            assertEquals(2, number.get());
          });
      number.set(3);
      checkpoint();
      assertEquals(3, number.get());
      end(first);
      end(second);
      assertEquals(3, number.get());
    });
  }

  @Test
  void aBindingEndsWithItsBodyAlsoWhenCancelled() {
    every(() -> {
      TaskLocal<String> user = TaskLocal.create();
      together(
          () -> {
            try {
              user.where(
                  "ada",
                  () -> {
                    checkpoint();
                    assertEquals("ada", user.get());
                    scope(s -> {
                      s.async(() -> {
                        checkpoint();
                        assertEquals("ada", user.get());
                      });
                    });
                  });
            } finally {
              assertFalse(user.isSet());
            }
          },
          () -> {
            checkpoint();
            assertFalse(user.isSet());
          });
    });
  }

  @Test
  void aBackgroundTaskKeepsWhatItWasStartedWith() {
    every(() -> {
      TaskLocal<String> user = TaskLocal.of("nobody");
      together(() -> {
        user.where(
            "ada",
            () -> {
              background(() -> {
                checkpoint();
                assertEquals("ada", user.get());
              });
            });
        assertEquals("nobody", user.get());
        checkpoint();
        checkpoint();
      });
    });
  }

  @Test
  void aPlainFieldInItsPlaceIsFound() {
    finds(() -> {
      String[] user = {"nobody"};
      var first =
          async(() -> {
            user[0] = "ada";
            checkpoint();
            assertEquals("ada", user[0]);
          });
      var second = async(() -> user[0] = "bob");
      await(first);
      await(second);
    });
  }
}
