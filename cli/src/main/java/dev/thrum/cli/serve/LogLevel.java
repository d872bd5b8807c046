package dev.thrum.cli.serve;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/// How much the JDK's logging says.
@SuppressWarnings("unused") // by picocli, which reads them in any case
enum LogLevel {
  error,
  warning,
  info,
  debug,
  trace;

  private static final String FORMAT = "java.util.logging.SimpleFormatter.format";

  /// Tells its version when it is loaded, which is no news of the program. The log forgets levels
  /// of loggers that nobody holds.
  private static final Logger VERSION =
      Logger.getLogger("org.hibernate.validator.internal.util.Version");

  /// One line each, unless somebody has said how logs are to look.
  static void shorten() {
    if (System.getProperty("java.util.logging.config.file") == null
        && System.getProperty("java.util.logging.config.class") == null
        && System.getProperty(FORMAT) == null) {
      System.setProperty(FORMAT, "%4$s: %5$s%6$s%n");
      VERSION.setLevel(Level.WARNING);
    }
  }

  void set() {
    Logger root = Logger.getLogger("");
    Level level =
        switch (this) {
          case error -> Level.SEVERE;
          case warning -> Level.WARNING;
          case info -> Level.INFO;
          case debug -> Level.FINE;
          case trace -> Level.FINEST;
        };
    root.setLevel(level);
    for (Handler handler : root.getHandlers()) {
      handler.setLevel(level);
    }
  }
}
