package dev.thrum.cli.program;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// The compiled form of one source file, kept for the next run: a [ProgramJar] in the user's cache
/// folder, one for each file, JDK and class path. It appears by a rename, so that runs at the same
/// time do not disturb each other. What cannot be read or written is done without.
final class ProgramCache {
  private static final Duration KEPT = Duration.ofDays(30);

  private final Source source;
  private final Path jar;

  private ProgramCache(Source source, Path jar) {
    this.source = source;
    this.jar = jar;
  }

  /// None if the user does not want one.
  static Optional<ProgramCache> of(Source source) {
    if ("off".equals(System.getenv("THRUM_CACHE")) || !Inputs.areKnown()) {
      return Optional.empty();
    }
    String key = Integer.toHexString(Inputs.surroundings(source).hashCode());
    Path jar = folder().resolve(source.path().getFileName() + "-" + key + ".jar");
    return Optional.of(new ProgramCache(source, jar));
  }

  private static Path folder() {
    String cache = System.getenv("XDG_CACHE_HOME");
    return cache != null && cache.startsWith(File.separator)
        ? Path.of(cache, "thrum", "programs")
        : Path.of(System.getProperty("user.home"), ".cache", "thrum", "programs");
  }

  Optional<Program> read() {
    if (!Files.exists(jar)) {
      return Optional.empty();
    }
    try (var in = Files.newInputStream(jar)) {
      return ProgramJar.readIfCurrent(in, source);
    } catch (IOException | RuntimeException _) {
      return Optional.empty();
    }
  }

  void write(byte[] bytes) {
    Path unfinished = jar.resolveSibling(jar.getFileName() + "." + ProcessHandle.current().pid());
    try {
      Path folder = Files.createDirectories(jar.resolveSibling(""));
      forgetOld(folder);
      Files.write(unfinished, bytes);
      Files.move(unfinished, jar, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException _) {
      unfinished.toFile().delete();
    }
  }

  /// What was compiled long ago, and what a killed run left unfinished.
  private static void forgetOld(Path folder) {
    long limit = Instant.now().minus(KEPT).toEpochMilli();
    File[] files = folder.toFile().listFiles();
    for (File file : files == null ? new File[0] : files) {
      if (file.lastModified() < limit) {
        file.delete();
      }
    }
  }
}
