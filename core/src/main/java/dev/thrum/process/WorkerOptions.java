package dev.thrum.process;

import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the workers of a pool were told.
record WorkerOptions(
    List<String> jvmArgs,
    @Nullable String classPath,
    int maxTasks,
    long idleNanos,
    long startNanos,
    Redirect stdout,
    Redirect stderr,
    Set<Class<?>> allowed) {

  static WorkerOptions of(Processes.Builder builder) {
    return new WorkerOptions(
        builder.jvmArgs,
        builder.classPath,
        builder.maxTasksPerWorker,
        nanos(builder.idleTimeout),
        nanos(builder.startTimeout),
        builder.stdout,
        builder.stderr,
        Set.copyOf(builder.allowed));
  }

  private static long nanos(java.time.Duration time) {
    try {
      return time.toNanos();
    } catch (ArithmeticException _) {
      return Long.MAX_VALUE;
    }
  }
}
