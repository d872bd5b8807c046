package dev.thrum.web.internal;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Writes to the log `dev.thrum.web` on a thread of its own, so that no loop waits for a logger.
/// When more comes than can be written, lines are left out and counted.
public final class Journal {
  private static final AtomicLong LEFT_OUT = new AtomicLong();

  private static final ThreadPoolExecutor WRITER = writer();

  private Journal() {}

  private static ThreadPoolExecutor writer() {
    ThreadPoolExecutor made =
        new ThreadPoolExecutor(
            1,
            1,
            50,
            TimeUnit.MILLISECONDS,
            new ArrayBlockingQueue<>(1024),
            work -> new Thread(null, work, "thrum-web-log", 0, false),
            (_, _) -> LEFT_OUT.incrementAndGet());
    made.allowCoreThreadTimeOut(true);
    return made;
  }

  /// Writes what is no error.
  ///
  /// @param message what has happened
  public static void info(String message) {
    WRITER.execute(() -> System.getLogger("dev.thrum.web").log(System.Logger.Level.INFO, message));
  }

  /// Writes an error.
  ///
  /// @param message what has happened
  /// @param failure why
  public static void error(String message, Throwable failure) {
    WRITER.execute(() -> {
      System.Logger logger = System.getLogger("dev.thrum.web");
      logger.log(System.Logger.Level.ERROR, message, failure);
      long missing = LEFT_OUT.getAndSet(0);
      if (missing > 0) {
        logger.log(System.Logger.Level.WARNING, missing + " errors were left out of this log");
      }
    });
  }
}
