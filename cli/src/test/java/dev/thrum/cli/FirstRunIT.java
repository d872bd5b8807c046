package dev.thrum.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.cli.Script.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The command in a checkout, which it builds when it has to. A small script stands in for
/// `./build`: it says what Maven would say, and its jars are the real ones.
class FirstRunIT {
  /// What the scripts need, other than Maven.
  private static final List<String> TOOLS =
      List.of(
          "bash",
          "env",
          "perl",
          "dirname",
          "readlink",
          "mkdir",
          "ln",
          "rm",
          "date",
          "sed",
          "tail",
          "head",
          "grep",
          "awk",
          "sleep",
          "cat");

  @TempDir private Path folder;
  private Path checkout;
  private Path thrum;
  private Script script;

  @BeforeEach
  void checkOut() throws IOException {
    checkout = folder.resolve("a checkout");
    thrum = Script.copyTo(checkout);
    Script.copyJarsTo(checkout.resolve("jars"));
    source("pom.xml");
    source("core/pom.xml");
    source("core/src/main/java/Core.java");
    source("net/pom.xml");
    source("net/src/main/java/Net.java");
    source("web/pom.xml");
    source("web/src/main/java/Web.java");
    source("data/pom.xml");
    source("data/src/main/java/Data.java");
    source("console/pom.xml");
    source("console/src/main/java/Console.java");
    source("testkit/pom.xml");
    source("testkit/src/main/java/Testkit.java");
    source("cli/pom.xml");
    source("cli/src/main/java/Cli.java");
    buildScript("sleep 0.5");
    script = Script.at(thrum, folder).with("THRUM_CACHE", "off");
    Files.writeString(folder.resolve("hello.java"), "void main() { IO.println(\"hello\"); }");
  }

  @Test
  void buildsAndSaysSoInOneLine() throws Exception {
    Result first = script.run("run", "hello.java");
    assertEquals(
        new Result(
            0,
            "hello\n",
            "thrum: building, which can take a minute; the log is "
                + checkout.toRealPath().resolve("target/thrum/build.log")
                + "\n"),
        first);
    assertEquals(
        "package --projects cli --also-make -Dmaven.test.skip=true -DskipTests\n",
        Files.readString(checkout.resolve("builds")));
    assertEquals(new Result(0, "hello\n", ""), script.run("run", "hello.java"));
    assertEquals(1, builds());
  }

  @Test
  void rewritesTheLineOnATerminal() throws Exception {
    String shown = script.runOnTerminal("run", "hello.java").out();
    String rewritten = "\r\033\\[Kthrum: ";
    assertTrue(
        shown.matches(
            "(%1$sbuilding( core)?, \\d+ s)+%1$sbuilt in \\d+ s\r\nhello\r\n".formatted(rewritten)),
        shown);
    assertEquals("hello\r\n", script.runOnTerminal("run", "hello.java").out());
  }

  @Test
  void buildsAgainWhenASourceIsNewer() throws Exception {
    script.run("run", "hello.java");
    for (String changed : new String[] {"core/src/main/java/Core.java", "cli/pom.xml"}) {
      int before = builds();
      Path source = checkout.resolve(changed);
      Files.setLastModifiedTime(source, FileTime.from(Instant.now()));
      assertEquals("hello\n", script.run("run", "hello.java").out());
      assertEquals(before + 1, builds(), changed);
    }
  }

  @Test
  void whoLooksIntoAJvmTakesTheBuildThatIsThere() throws Exception {
    assertEquals(0, script.run("ps").status());
    Path source = checkout.resolve("core/src/main/java/Core.java");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));
    assertEquals(0, script.run("ps").status());
    assertEquals(1, builds());

    Files.setLastModifiedTime(thrum, FileTime.from(Instant.now().plusSeconds(60)));
    assertEquals(0, script.run("ps").status());
    assertEquals(2, builds());
  }

  @Test
  void buildsOnceForTwoAtTheSameTime() throws Exception {
    var one = script.start("run", "hello.java");
    var two = script.start("run", "hello.java");
    assertEquals("hello\n", one.end().out());
    assertEquals("hello\n", two.end().out());
    assertEquals(1, builds());
  }

  @Test
  void aLockWhoseOwnerDiedIsTakenOver() throws Exception {
    Process died = new ProcessBuilder("true").start();
    died.waitFor();
    Files.createDirectories(checkout.resolve("target/thrum"));
    Files.createSymbolicLink(lock(), Path.of(Long.toString(died.pid())));
    assertEquals("hello\n", script.run("run", "hello.java").out());
  }

  @Test
  void aFailedBuildShowsWhatMatters() throws Exception {
    buildScript(
        """
        echo "[ERROR] Foo.java:[3,1] ';' expected"
        echo "[ERROR] Foo.java:[3,1] ';' expected"
        echo "[ERROR] -> [Help 1]"
        echo "[ERROR] For more information"
        exit 1
        """);
    Result result = script.run("run", "hello.java");
    String log = checkout.toRealPath().resolve("target/thrum/build.log").toString();
    assertEquals(
        new Result(
            1,
            "",
            "thrum: building, which can take a minute; the log is %s\n".formatted(log)
                + "thrum: the build failed\nFoo.java:[3,1] ';' expected\n"
                + "The whole log is %s\n".formatted(log)),
        result);
    assertFalse(Files.exists(lock(), LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void withoutMavenItSaysHowToGetIt() throws Exception {
    Path root = Path.of(System.getProperty("thrum.root"));
    Files.delete(checkout.resolve("build"));
    Files.copy(root.resolve("build"), checkout.resolve("build"));
    Path bin = Files.createDirectories(folder.resolve("bin"));
    for (String tool : TOOLS) {
      Files.createSymbolicLink(bin.resolve(tool), whereIs(tool));
    }
    Result result = script.with("PATH", bin.toString()).run("run", "hello.java");
    assertEquals(1, result.status());
    assertTrue(result.err().contains("there is no mvn on the PATH"), result.err());
    assertTrue(result.err().contains("apt-get install maven"), result.err());
  }

  @Test
  void ctrlCEndsTheBuild() throws Exception {
    buildScript("echo $$ >pid; sleep 100");
    var running = script.start("run", "hello.java");
    Path pid = checkout.resolve("pid");
    while (!Files.exists(pid) || Files.readString(pid).isBlank()) {
      Thread.onSpinWait();
    }
    long build = Long.parseLong(Files.readString(pid).strip());
    assertEquals(130, running.pressCtrlC().status());
    ProcessHandle.of(build).ifPresent(process -> process.onExit().join());
    assertFalse(Files.exists(lock(), LinkOption.NOFOLLOW_LINKS));
  }

  private static Path whereIs(String tool) {
    for (String folder : List.of("/usr/bin", "/bin", "/usr/local/bin", "/opt/homebrew/bin")) {
      Path file = Path.of(folder, tool);
      if (Files.isExecutable(file)) {
        return file;
      }
    }
    throw new AssertionError("no " + tool + " on the PATH");
  }

  private Path lock() {
    return checkout.resolve("target/thrum/lock");
  }

  private int builds() throws IOException {
    return Files.readAllLines(checkout.resolve("builds")).size();
  }

  private void source(String name) throws IOException {
    Path file = checkout.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "");
  }

  private void buildScript(String step) throws IOException {
    Path build = checkout.resolve("build");
    Files.writeString(
        build,
        """
        #!/usr/bin/env bash
        cd "$(dirname "$0")"
        echo "$*" >>builds
        echo "[INFO] Building Thrum core 0.1.0-SNAPSHOT        [2/3]"
        %s
        mkdir -p cli/target
        cp -r jars cli/target/lib
        mv cli/target/lib/thrum-cli-*.jar cli/target
        """
            .formatted(step));
    assertTrue(build.toFile().setExecutable(true));
  }
}
