package dev.thrum.cli.serve;

import dev.thrum.web.internal.Launch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Hears what the program serves. Below a [Reloader] it tells that as soon as the port is there,
/// and has the program end when standard input does: that is how the reloader ends it, and it does
/// so too when nothing is left of the reloader.
final class Served extends Launch {
  /// The file in which the reloader waits for the port.
  static final String READY = "thrum.reload.ready";

  /// The port that the program before had, where any was wanted.
  static final String PORT = "thrum.reload.port";

  private final @Nullable String ready = System.getProperty(READY);
  private volatile boolean begun;
  private volatile @Nullable IOException failure;
  private volatile @Nullable Runnable stop;
  private volatile boolean over;

  private Served() {}

  static boolean isBelowReloader() {
    return System.getProperty(READY) != null;
  }

  static Served install() {
    Served made = new Served();
    Launch.install(made);
    if (isBelowReloader()) {
      Thread.ofPlatform().daemon().name("thrum-reload").start(made::awaitEnd);
    }
    return made;
  }

  private void awaitEnd() {
    try {
      while (System.in.read() >= 0) {
        // Nobody reads it here.
      }
    } catch (IOException _) {
      // That is an end, too.
    }
    over = true;
    Runnable known = stop;
    if (known != null) {
      known.run();
    } else {
      System.exit(0);
    }
  }

  @Override
  public boolean begins(List<Line> routes) {
    begun = true;
    return true;
  }

  @Override
  public void listens(int port, Runnable stopping) {
    stop = stopping;
    if (over) {
      stopping.run();
    }
    if (ready != null) {
      try {
        Path half = Files.writeString(Path.of(ready + ".half"), Integer.toString(port));
        Files.move(half, Path.of(ready), StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void fails(IOException reason) {
    failure = reason;
  }

  boolean hasBegun() {
    return begun;
  }

  @Nullable IOException failure() {
    return failure;
  }
}
