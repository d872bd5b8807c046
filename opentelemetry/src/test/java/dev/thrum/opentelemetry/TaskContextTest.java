package dev.thrum.opentelemetry;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.blocking;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.parallel;
import static dev.thrum.Async.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// OpenTelemetry's current context in tasks.
@SuppressWarnings("MustBeClosed") // also out of order
class TaskContextTest {
  private static final ContextKey<String> USER = ContextKey.named("user");

  private static @Nullable String user() {
    return Context.current().get(USER);
  }

  private static Scope as(String user) {
    return Context.current().with(USER, user).makeCurrent();
  }

  @Test
  void eachTaskHasItsOwnAndAChildACopy() {
    run(() -> {
      assertNull(user());
      try (var _ = as("ann")) {
        var child =
            async(() -> {
              String before = user();
              try (var _ = as("bob")) {
                checkpoint();
                return before + ", " + user();
              }
            });
        var other =
            async(() -> {
              checkpoint();
              return user();
            });
        checkpoint();
        assertEquals("ann", user());
        assertEquals("ann, bob", await(child));
        assertEquals("ann", await(other));
      }
      assertNull(user());
    });
  }

  @Test
  void workOutsideTheLoopSeesItToo() {
    run(() -> {
      try (var _ = as("ann")) {
        assertEquals("ann", blocking(() -> user()));
        assertEquals("ann", parallel(() -> user()));
        blocking(() -> {
          try (var _ = as("bob")) {
            assertEquals("bob", user());
          }
          assertEquals("ann", user());
        });
        assertEquals("ann", user());
      }
    });
  }

  @Test
  void threadsBesideALoopKeepTheirs() throws InterruptedException {
    try (var _ = as("ann")) {
      run(() -> assertNull(user()));
      run(() -> Context.root().with(USER, "bob").wrap(() -> assertEquals("bob", user())).run());
      assertEquals("ann", user());
      Thread.ofPlatform().start(Context.current().wrap(() -> assertEquals("ann", user()))).join();
    }
    assertNull(user());
  }

  @Test
  void aScopeThatIsClosedOutOfOrderOrElsewhereIsIgnored() {
    run(() -> {
      Scope ann = as("ann");
      Scope bob = as("bob");
      ann.close();
      assertEquals("bob", user());
      await(async(bob::close));
      assertEquals("bob", user());
      bob.close();
      assertEquals("ann", user());
      ann.close();
      ann.close();
      assertNull(user());
    });
  }
}
