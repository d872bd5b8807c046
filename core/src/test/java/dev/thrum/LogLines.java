package dev.thrum;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// What Thrum logs while this is open, in the place of the console.
public final class LogLines extends Handler implements AutoCloseable {
  private final Logger logger = Logger.getLogger("dev.thrum");
  private final List<LogRecord> records = new CopyOnWriteArrayList<>();

  public LogLines() {
    logger.setUseParentHandlers(false);
    logger.addHandler(this);
  }

  public List<String> messages() {
    return records.stream().map(LogRecord::getMessage).toList();
  }

  public List<Throwable> exceptions() {
    return records.stream().map(LogRecord::getThrown).filter(Objects::nonNull).toList();
  }

  public boolean mentions(String text) {
    return messages().stream().anyMatch(message -> message.contains(text));
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
