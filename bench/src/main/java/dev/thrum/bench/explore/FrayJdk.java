package dev.thrum.bench.explore;

import dev.thrum.bench.Child;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;

/// The JDK that Fray runs on: this one, linked anew with Fray's calls in its classes.
///
/// Fray's own plugins for build tools link from `jmods`, which a JDK that can be linked from its
/// run-time image need not have; the linker is asked here without them.
final class FrayJdk {
  private static final String PLUGIN = "fray-instrumentation-jdk";

  /// What the linker loads to change the classes.
  private static final List<String> LINKER_JARS =
      List.of(
          PLUGIN,
          "fray-instrumentation-base",
          "fray-runtime",
          "kotlin-stdlib",
          "kotlin-reflect",
          "asm",
          "asm-tree",
          "asm-analysis",
          "asm-commons",
          "asm-util");

  /// Modules that the tool and the benchmark need.
  private static final String MODULES = "java.se,jdk.unsupported,jdk.management";

  private final Path home;
  private final Path agent;
  private final Path nativeAgent;

  private FrayJdk(Path home, Path agent, Path nativeAgent) {
    this.home = home;
    this.agent = agent;
    this.nativeAgent = nativeAgent;
  }

  /// Links it unless that has been done, which takes about ten seconds.
  static FrayJdk prepare(Path folder) throws IOException, InterruptedException {
    var version = ClassPath.version("fray-core") + "-jdk-" + Runtime.version();
    var root = Files.createDirectories(folder.toAbsolutePath().resolve(version));
    var jdk = root.resolve("jdk");
    if (!Files.exists(jdk)) {
      var fresh = Files.createTempDirectory(root, "link").resolve("jdk");
      link(fresh);
      Files.move(fresh, jdk);
    }
    var nativeAgent = root.resolve("libjvmti.so");
    unpack(nativeAgent);
    return new FrayJdk(jdk, ClassPath.jar("fray-instrumentation-agent"), nativeAgent);
  }

  /// The command that starts it, with both of Fray's agents.
  List<String> java() {
    return List.of(
        home.resolve("bin/java").toString(), "-javaagent:" + agent, "-agentpath:" + nativeAgent);
  }

  private static void link(Path jdk) throws IOException, InterruptedException {
    var jars = new ArrayList<String>();
    for (var artifact : LINKER_JARS) {
      jars.add(ClassPath.jar(artifact).toString());
    }
    var path = String.join(File.pathSeparator, jars);
    var linked =
        Child.run(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "jlink").toString(),
                "-J-javaagent:" + ClassPath.jar(PLUGIN),
                "-J--module-path=" + path,
                "-J--add-modules=org.pastalab.fray.instrumentation.jdk",
                "-J--class-path=" + path,
                "--output=" + jdk,
                "--add-modules=" + MODULES,
                "--fray-instrumentation"),
            Map.of());
    if (!linked.ok()) {
      throw new IOException("jlink failed: " + linked.errors() + linked.output());
    }
  }

  private static void unpack(Path nativeAgent) throws IOException {
    try (var zip = new ZipFile(ClassPath.jar("fray-jvmti-.*").toFile())) {
      var entry = zip.getEntry(nativeAgent.getFileName().toString());
      if (entry == null) {
        throw new IOException("no native agent in " + zip.getName());
      }
      try (var in = zip.getInputStream(entry)) {
        Files.copy(in, nativeAgent, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }
}
