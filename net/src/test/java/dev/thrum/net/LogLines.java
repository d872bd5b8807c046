package dev.thrum.net;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// What Thrum logs while this is open, in the place of the console.
final class LogLines extends Handler implements AutoCloseable {
  private final Logger logger = Logger.getLogger("dev.thrum");
  private final Level levelBefore = logger.getLevel();
  private final List<LogRecord> records = new CopyOnWriteArrayList<>();

  /// From a level on.
  LogLines(Level level) {
    logger.setUseParentHandlers(false);
    logger.setLevel(level);
    logger.addHandler(this);
  }

  List<String> messages() {
    return records.stream().map(LogRecord::getMessage).toList();
  }

  List<Instant> times() {
    return records.stream().map(LogRecord::getInstant).toList();
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
    logger.setLevel(levelBefore);
    logger.setUseParentHandlers(true);
  }
}
