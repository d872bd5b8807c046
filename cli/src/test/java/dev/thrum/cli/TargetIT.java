package dev.thrum.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.cli.Script.Result;
import dev.thrum.cli.Script.Running;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which processes can be looked into, and what is said about the others.
class TargetIT {
  private static final String LOOPS =
      "void main() { dev.thrum.Async.run(() -> { IO.println(\"ready\");"
          + " dev.thrum.Async.sleep(java.time.Duration.ofDays(1)); }); }";
  private static final String NO_THRUM =
      "void main() throws Exception { IO.println(\"ready\"); Thread.sleep(1_000_000); }";

  @TempDir private static Path shared;
  private static Path thrum;

  @TempDir private Path folder;
  private final List<Process> processes = new ArrayList<>();
  private Script script;

  @BeforeAll
  static void unpackRelease() throws Exception {
    thrum = Script.releaseIn(shared.resolve("a release"));
  }

  @BeforeEach
  void workInFolder() {
    script = Script.at(thrum, folder).with("THRUM_CACHE", "off");
  }

  @AfterEach
  void endProcesses() {
    processes.forEach(Process::destroyForcibly);
  }

  @Test
  void aJvmThatJavaStarted() throws Exception {
    Path core = thrum.resolveSibling("lib");
    Process java = java(LOOPS, "-cp", core + "/*");
    assertTrue(ps(java).out().contains("main"));
  }

  @Test
  void aJvmWhoseFirstLoopIsAboutToStart() throws Exception {
    Process java =
        java(
            LOOPS
                .replace("{ dev", "{ IO.println(\"ready\"); Thread.sleep(700); dev")
                .replace("main()", "main() throws Exception"),
            "-cp",
            thrum.resolveSibling("lib") + "/*");
    assertTrue(ps(java).out().contains("main"));
  }

  @Test
  void aServiceUrl() throws Exception {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    String url = "service:jmx:rmi:///jndi/rmi://127.0.0.1:" + port + "/jmxrmi";
    assertFailure("nothing listens at " + url, script.run("ps", url));
    Files.writeString(folder.resolve("loops.java"), LOOPS);
    String jmx = "-J-Dcom.sun.management.jmxremote.";
    Running running =
        script.start(
            "run",
            jmx + "port=" + port,
            jmx + "authenticate=false",
            jmx + "ssl=false",
            jmx + "host=127.0.0.1",
            "-J-Djava.rmi.server.hostname=127.0.0.1",
            "loops.java");
    processes.add(running.process());
    running.until("ready");
    assertTrue(script.run("ps", url).out().contains("main"));
  }

  @Test
  void noSuchProcess() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    assertFailure("there is no process " + ended.pid() + "; 'thrum ps' lists the JVMs", ps(ended));
  }

  @Test
  void aProcessThatIsNoJvm() throws Exception {
    Process sleep = started(new ProcessBuilder("sleep", "1000"));
    assertFailure(sleep.pid() + " is no JVM; it is sleep", ps(sleep));
    assertTrue(sleep.isAlive());
  }

  @Test
  void theCommandItself() throws Exception {
    Running self = script.startOnTerminal("exec '%s' ps $$".formatted(thrum));
    Result result = self.end();
    assertTrue(
        result.out().matches("thrum: \\d+ is this command itself; 'thrum ps' lists the JVMs\r\n"),
        result.out());
  }

  @Test
  void aJvmWithoutThrum() throws Exception {
    Process java = java(NO_THRUM);
    assertFailure(
        java.pid() + " has no Thrum in it, or its first loop has not started yet", ps(java));
  }

  @Test
  void aJvmThatRefuses() throws Exception {
    for (String perfData : new String[] {"-XX:+UsePerfData", "-XX:-UsePerfData"}) {
      Process java = java(NO_THRUM, "-XX:+DisableAttachMechanism", perfData);
      assertFailure(
          java.pid() + " refuses to be looked into: it runs with -XX:+DisableAttachMechanism",
          ps(java));
      java.toHandle().destroy();
      assertNull(java.inputReader().readLine(), "it noticed");
    }
  }

  @Test
  void aJvmThatIsStopped() throws Exception {
    Process java = java(NO_THRUM);
    signal("STOP", java);
    assertFailure(
        "%1$d is stopped and cannot answer; 'kill -CONT %1$d' wakes it".formatted(java.pid()),
        ps(java));
  }

  /// Who is root becomes somebody else; who is not asks about a process that is root's.
  @Test
  void anothersJvm() throws Exception {
    String me = System.getProperty("user.name");
    if (!me.equals("root")) {
      assertFailure(
          "1 belongs to the user root, and you are " + me + "; ask as root", script.run("ps", "1"));
      return;
    }
    openTo(shared);
    Process java = java(NO_THRUM);
    assertFailure(
        java.pid() + " belongs to the user root, and you are nobody; ask as root",
        script.runAs("nobody", "ps", Long.toString(java.pid())));
  }

  @Test
  void aThrumOfAnotherVersion() throws Exception {
    Process java =
        java(
            """
            import javax.management.ObjectName;
            import java.lang.management.ManagementFactory;

            public class Old {
              public interface InspectorMBean {
                String text(String view, String options);
              }

              public static class Inspector implements InspectorMBean {
                @Override
                public String text(String view, String options) {
                  throw new IllegalArgumentException("there is no view '" + view + "'");
                }
              }

              public static void main(String[] args) throws Exception {
                ManagementFactory.getPlatformMBeanServer()
                    .registerMBean(new Inspector(), new ObjectName("dev.thrum:type=Inspector"));
                IO.println("ready");
                Thread.sleep(1_000_000);
              }
            }
            """);
    String pid = Long.toString(java.pid());
    String sentence = pid + " runs a Thrum of another version, which does not know this";
    assertFailure(sentence, script.run("tree", pid));
    assertFailure(sentence, script.run("dump", "--json", pid));
  }

  private Result ps(Process process) throws Exception {
    return script.run("ps", Long.toString(process.pid()));
  }

  private static void assertFailure(String sentence, Result result) {
    assertEquals(new Result(1, "", "thrum: " + sentence + "\n"), result);
  }

  /// Starts a program as `java FILE`, and waits for its first word.
  private Process java(String program, String... flags) throws Exception {
    Path file = Files.writeString(Files.createTempFile(folder, "P", ".java"), program);
    var command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
    command.addAll(List.of(flags));
    command.add(file.toString());
    Process process = started(new ProcessBuilder(command));
    assertEquals("ready", process.inputReader().readLine());
    return process;
  }

  private Process started(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  private static void signal(String name, Process process) throws Exception {
    String pid = Long.toString(process.pid());
    assertEquals(0, new ProcessBuilder("kill", "-" + name, pid).start().waitFor());
    String stopped = ") T ";
    Path stat = Path.of("/proc", pid, "stat");
    while (Files.exists(stat) && !Files.readString(stat).contains(stopped)) {
      process.waitFor(5, TimeUnit.MILLISECONDS);
    }
  }

  /// Lets everybody read a folder and what is in it.
  private static void openTo(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.toList()) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }
  }
}
