package dev.thrum.process;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.thrum.Async;
import dev.thrum.Task;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/// A call that is given to a worker which is being killed, and has not taken it.
class WithdrawnCallTest {
  private final ProcessesImpl pool = (ProcessesImpl) Processes.builder().workers(1).build();

  @Test
  @SuppressWarnings("unchecked") // that is what the field holds
  void isTakenBackWhenItsCallerIsCancelled() throws Exception {
    Worker worker = new Worker(pool);
    ((Set<Object>) field("workers").get(pool)).add(worker);
    field("serving").setInt(pool, 1);
    pool.free(worker);
    Async.run(() -> {
      Task<Integer> caller = Async.async(() -> pool.run(() -> 1));
      Async.checkpoint();
      worker.doomed = true;
      caller.cancel("enough");
      Async.timeout(
          Duration.ofSeconds(10),
          () -> assertThrows(CancellationException.class, () -> Async.await(caller)));
    });
  }

  private static Field field(String name) throws ReflectiveOperationException {
    Field field = ProcessesImpl.class.getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }
}
