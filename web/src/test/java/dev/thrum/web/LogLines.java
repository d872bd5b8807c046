package dev.thrum.web;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// What the framework logs while this is open, in the place of the console.
final class LogLines extends Handler implements AutoCloseable {
  private final Logger logger = Logger.getLogger("dev.thrum.web");
  private final LinkedBlockingQueue<LogRecord> records = new LinkedBlockingQueue<>();

  LogLines() {
    logger.setUseParentHandlers(false);
    logger.addHandler(this);
  }

  /// Waits for the next line.
  LogRecord take() throws InterruptedException {
    LogRecord line = records.poll(5, TimeUnit.SECONDS);
    if (line == null) {
      throw new AssertionError("nothing was logged");
    }
    return line;
  }

  /// Waits for the next line that speaks of something. Those of a test before this one may come
  /// late, since they are written beside its loop.
  String take(String what) throws InterruptedException {
    String line;
    do {
      line = take().getMessage();
    } while (!line.contains(what));
    return line;
  }

  @Override
  public void publish(LogRecord line) {
    records.add(line);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setUseParentHandlers(true);
  }
}
