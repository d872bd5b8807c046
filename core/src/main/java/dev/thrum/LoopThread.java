package dev.thrum;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// A run whose caller is a virtual thread, which cannot carry a loop: a platform thread does.
final class LoopThread {
  private LoopThread() {}

  static <T extends @Nullable Object, X extends Throwable> T run(
      RunnerOptions options, VoidBody<X> body) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread carrier =
        Thread.ofPlatform()
            .name("thrum-loop of " + Thread.currentThread().getName())
            .unstarted(() -> {
              try {
                result.complete(MainRun.run(options, body));
              } catch (Throwable e) {
                result.completeExceptionally(e);
              }
            });
    carrier.start();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return result.get();
        } catch (InterruptedException _) {
          interrupted = true;
          carrier.interrupt();
        }
      }
    } catch (ExecutionException e) {
      throw Sneaky.sneak(e.getCause() == null ? e : e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
