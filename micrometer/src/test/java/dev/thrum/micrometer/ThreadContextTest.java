package dev.thrum.micrometer;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.blocking;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.run;
import static dev.thrum.micrometer.ThreadContext.carried;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.micrometer.context.ContextRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ThreadContextTest {
  private static final ThreadLocal<String> USER = new ThreadLocal<>();

  @BeforeEach
  void register() {
    ContextRegistry.getInstance().registerThreadLocalAccessor("user", USER);
  }

  @AfterEach
  void forget() {
    ContextRegistry.getInstance().removeThreadLocalAccessor("user");
    USER.remove();
  }

  @Test
  void aChildBeginsWithItsCreatorsValues() {
    run(() -> {
      USER.set("ann");
      var plain = async(() -> String.valueOf(USER.get()));
      var child =
          async(
              carried(() -> {
                String before = USER.get();
                checkpoint();
                USER.set("bob");
                var grandchild = async(carried(() -> USER.get()));
                return before + ", " + await(grandchild);
              }));
      USER.set("cid");
      assertEquals("null", await(plain));
      assertEquals("ann, bob", await(child));
      assertEquals("cid", USER.get());
    });
  }

  @Test
  void blockingWorkDoesTooAndLeavesNothingBehind() {
    run(() -> {
      USER.set("ann");
      for (int i = 0; i < 10; i++) {
        assertEquals("ann", blocking(carried(() -> USER.get())));
        assertNull(blocking(() -> USER.get()));
      }
    });
  }

  @Test
  void aMainTaskTakesThoseOfItsThread() {
    USER.set("ann");
    run(() -> assertNull(USER.get()));
    run(carried(() -> assertEquals("ann", USER.get())));
    assertEquals("ann", USER.get());
  }
}
