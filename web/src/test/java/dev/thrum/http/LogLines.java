package dev.thrum.http;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// What Thrum has to say, which is kept from the console meanwhile. It may say it beside the loop.
final class LogLines extends Handler implements AutoCloseable {
  private static final Logger THRUM = Logger.getLogger("dev.thrum");

  private final List<String> lines = new CopyOnWriteArrayList<>();

  private LogLines() {}

  static LogLines listen() {
    LogLines lines = new LogLines();
    THRUM.addHandler(lines);
    THRUM.setUseParentHandlers(false);
    return lines;
  }

  /// All lines, when there is at least one; empty if none comes for a while.
  String text() throws InterruptedException {
    for (int i = 0; i < 200 && lines.isEmpty(); i++) {
      Thread.sleep(5);
    }
    return String.join("\n", lines);
  }

  @Override
  public void publish(LogRecord line) {
    StringWriter text = new StringWriter();
    text.append(line.getMessage());
    if (line.getThrown() != null) {
      line.getThrown().printStackTrace(new PrintWriter(text));
    }
    lines.add(text.toString());
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    THRUM.setUseParentHandlers(true);
    THRUM.removeHandler(this);
  }
}
