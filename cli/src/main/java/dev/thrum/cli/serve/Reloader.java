package dev.thrum.cli.serve;

import dev.thrum.cli.program.Program;
import dev.thrum.cli.program.ProgramException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Serves a program in a JVM of its own, and by another one when a source has changed.
///
/// The next JVM listens on the port beside the one before (`SO_REUSEPORT`), which is ended only
/// then: somebody listens all the time, and a program that does not compile or fails before it
/// listens changes nothing. A connection that the system has just handed to the one before may be
/// cut off, since sockets that listen do not pass on what waits in them. On a Unix socket the one
/// before has to go first.
final class Reloader {
  private static final Pattern PACKAGE = Pattern.compile("(?m)^\\s*package\\s+([\\w.]+)\\s*;");
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
  private static final Duration QUIET = Duration.ofMillis(100);
  private static final Duration LONGEST_UNREST = Duration.ofSeconds(2);
  private static final int SHARE = 10;

  private final ServeCommand command;
  private final String[] arguments;
  private final Path folder;
  private final SourceScan scan;
  private final Object lock = new Object();
  private final Set<ServerChild> ending = new HashSet<>();
  private @Nullable ServerChild serving;
  private @Nullable ServerChild next;
  private boolean over;
  private volatile int status;
  private int starts;
  private int port;

  private Reloader(ServeCommand command, String[] arguments, Path folder, SourceScan scan) {
    this.command = command;
    this.arguments = arguments;
    this.folder = folder;
    this.scan = scan;
  }

  /// Goes on until Ctrl-C.
  static void run(ServeCommand command, String[] arguments) throws IOException {
    Path file = Path.of(command.web().file()).toAbsolutePath().normalize();
    if (!Files.isRegularFile(file)) {
      fail("there is no file '" + command.web().file() + "'");
    }
    List<Path> folders = new ArrayList<>();
    for (String dir : command.reloadDirs()) {
      Path path = Path.of(dir).toAbsolutePath().normalize();
      if (!Files.isDirectory(path)) {
        fail("there is no folder '" + dir + "' to watch");
      }
      folders.add(path);
    }
    if (folders.isEmpty()) {
      folders.add(root(file));
    }
    say("watching " + String.join(", ", folders.stream().map(Path::toString).toList()));
    var scan = new SourceScan(folders, command.reloadIncludes());
    Path own = Files.createTempDirectory("thrum-reload");
    var reloader = new Reloader(command, arguments, own, scan);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform().unstarted(() -> Runtime.getRuntime().halt(reloader.end())));
    try {
      reloader.watch();
    } catch (Throwable e) {
      reloader.status = 1;
      throw e;
    }
  }

  private static void fail(String sentence) {
    System.err.println("thrum: " + sentence);
    System.exit(2);
  }

  private static void say(String sentence) {
    System.err.println("thrum: " + sentence);
  }

  /// The folder that holds the file's package.
  private static Path root(Path file) throws IOException {
    Path folder = Objects.requireNonNull(file.getParent());
    Matcher named = PACKAGE.matcher(Files.readString(file));
    if (!named.find()) {
      return folder;
    }
    Path belongs = Path.of(named.group(1).replace('.', '/'));
    if (!folder.endsWith(belongs) || folder.getNameCount() == belongs.getNameCount()) {
      return folder;
    }
    return folder.resolve("../".repeat(belongs.getNameCount())).normalize();
  }

  private void watch() throws IOException {
    start();
    boolean told = false;
    while (true) {
      long began = System.nanoTime();
      Optional<Path> changed = scan.change();
      if (changed.isPresent()) {
        awaitQuiet();
        say(name(changed.get()) + " has changed; starting again");
        start();
        told = false;
      }
      takeOver();
      if (!told && nothingRuns()) {
        say("waiting for a change");
        told = true;
      }
      pause(BETWEEN_LOOKS.plusNanos(SHARE * (System.nanoTime() - began)));
    }
  }

  private static String name(Path changed) {
    Path here = Path.of("").toAbsolutePath();
    return (changed.startsWith(here) ? here.relativize(changed) : changed).toString();
  }

  /// Editors write several files, and some of them in pieces. Others write all the time.
  private void awaitQuiet() {
    long began = System.nanoTime();
    do {
      pause(QUIET);
    } while (scan.change().isPresent() && System.nanoTime() - began < LONGEST_UNREST.toNanos());
  }

  private void start() throws IOException {
    takeOverIfReady();
    if (command.listensOnFile() && !makeRoom()) {
      return;
    }
    synchronized (lock) {
      if (next != null) {
        next.kill();
      }
      if (!over) {
        next = ServerChild.start(folder.resolve("port-" + ++starts), flags(), arguments);
      }
    }
  }

  private List<String> flags() {
    List<String> flags = new ArrayList<>();
    boolean first = serving == null || !serving.isAlive();
    flags.add("-Dthrum.serve.reuse-port=" + (first ? "first" : "next"));
    if (port > 0 && command.takesAnyPort()) {
      flags.add("-D" + Served.PORT + "=" + port);
    }
    return flags;
  }

  /// Ends what listens on the file, if there is something to put in its place.
  private boolean makeRoom() {
    try {
      var _ = Program.load(command.web().file());
    } catch (ProgramException e) {
      System.err.println(e.getMessage());
      return false;
    }
    if (serving != null) {
      serving.end(command.longestEnd());
      var _ = serving.await();
    }
    return true;
  }

  /// What listens by now is not killed, since requests may be under way in it.
  private void takeOverIfReady() {
    synchronized (lock) {
      if (next != null && next.port().isPresent()) {
        takeOver();
      }
    }
  }

  /// Looks how far the next JVM is.
  private void takeOver() {
    synchronized (lock) {
      if (next == null || over) {
        return;
      }
      if (next.port().isPresent()) {
        port = next.port().getAsInt();
        if (serving != null) {
          serving.end(command.longestEnd());
          boolean _ = ending.add(serving);
        }
        ending.removeIf(it -> !it.isAlive());
        serving = next;
        next = null;
      } else if (!next.isAlive()) {
        next = null;
        if (serving != null && serving.isAlive()) {
          say("what was served before goes on; waiting for a change");
        }
      }
    }
  }

  private boolean nothingRuns() {
    return next == null && (serving == null || !serving.isAlive());
  }

  /// By Ctrl-C or `TERM`, or since this JVM has failed; after that it does nothing else.
  ///
  /// @return the status to end with
  private int end() {
    List<ServerChild> all;
    synchronized (lock) {
      takeOverIfReady();
      over = true;
      if (next != null) {
        next.kill();
        boolean _ = ending.add(next);
      }
      if (serving != null) {
        serving.end(command.longestEnd());
        boolean _ = ending.add(serving);
      }
      all = List.copyOf(ending);
    }
    all.forEach(ServerChild::await);
    forget();
    return status;
  }

  private void forget() {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (IOException _) {
      // The system clears its folder for such files by itself.
    }
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
