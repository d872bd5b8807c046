package dev.thrum.net;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// What Netty has to complain about.
final class NettyLog extends Handler implements AutoCloseable {
  private static final Logger NETTY = Logger.getLogger("io.netty");

  private final List<String> lines = new CopyOnWriteArrayList<>();

  private NettyLog() {}

  static NettyLog listen() {
    NettyLog log = new NettyLog();
    NETTY.addHandler(log);
    return log;
  }

  /// The warnings and errors.
  String text() {
    return String.join("\n", lines);
  }

  @Override
  public void publish(LogRecord line) {
    if (line.getLevel().intValue() >= Level.WARNING.intValue()) {
      lines.add(line.getLoggerName() + ": " + line.getMessage());
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    NETTY.removeHandler(this);
  }
}
