package dev.thrum.internal.engine;

import java.lang.reflect.Method;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// One more carrier for the JDK's virtual threads while one is held by a stack that is too deep to
/// be suspended: who would let that go on may be a virtual thread itself, and find none free.
///
/// The JDK's management interface is asked for it, by name, since an image may lack it; then there
/// are as many as there were.
final class ExtraCarrier {
  private static final long LOOK_NANOS = 1_000_000;

  private ExtraCarrier() {}

  /// Adds one, on a thread of its own, and takes it back later.
  ///
  /// @param over whether it is needed no more
  static void lendUntil(BooleanSupplier over) {
    Thread.ofPlatform()
        .daemon()
        .name("thrum-extra-carrier")
        .start(() -> {
          if (change(1)) {
            Thread.ofVirtual().start(() -> {}); // the scheduler looks when it is given something
            while (!over.getAsBoolean()) {
              LockSupport.parkNanos(LOOK_NANOS);
            }
            var _ = change(-1);
          }
        });
  }

  private static synchronized boolean change(int by) {
    try {
      Class<?> type = Class.forName("jdk.management.VirtualThreadSchedulerMXBean");
      Method find =
          Class.forName("java.lang.management.ManagementFactory")
              .getMethod("getPlatformMXBean", Class.class);
      Object scheduler = find.invoke(null, type);
      int now = (int) type.getMethod("getParallelism").invoke(scheduler);
      var _ = type.getMethod("setParallelism", int.class).invoke(scheduler, now + by);
      return true;
    } catch (ReflectiveOperationException | LinkageError _) {
      return false;
    }
  }
}
