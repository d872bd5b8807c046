package dev.thrum;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.tools.attach.VirtualMachine;
import dev.thrum.inspect.ThrumMXBean;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.management.JMX;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.jspecify.annotations.Nullable;

/// A program in a JVM of its own, started without any preparation for being looked at, on the
/// engine of these tests.
final class SeenJvm implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final Path folder;
  private final Process process;
  private @Nullable JMXConnector connector;
  private @Nullable ThrumMXBean bean;

  private SeenJvm(Path folder, Process process) {
    this.folder = folder;
    this.process = process;
  }

  /// Starts it, and waits until it has said `ready`.
  static SeenJvm start(
      Path folder,
      Class<?> program,
      List<String> options,
      Map<String, String> environment,
      String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    if (Engines.confined()) {
      command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
      command.add("--add-opens=java.base/java.util.concurrent.locks=ALL-UNNAMED");
    }
    command.addAll(options);
    command.addAll(List.of("-cp", classPath(), program.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectError(folder.resolve("err.txt").toFile())
            .redirectOutput(folder.resolve("out.txt").toFile());
    builder.environment().putAll(environment);
    SeenJvm jvm = new SeenJvm(folder, builder.start());
    jvm.await("ready");
    return jvm;
  }

  private static String classPath() {
    return place(Runner.class) + ":" + place(SeenJvm.class);
  }

  private static String place(Class<?> type) {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath()).toString();
  }

  long pid() {
    return process.pid();
  }

  /// Writes a line to its input.
  ///
  /// @throws AssertionError if it no longer reads that; with what it printed
  void tell(String line) throws IOException {
    try {
      var input = process.outputWriter();
      input.write(line + "\n");
      input.flush();
    } catch (IOException e) {
      throw new AssertionError("does not hear \"" + line + "\": " + state(), e);
    }
  }

  /// Whether it lives, and all that it printed. One that closes its input is about to end.
  private String state() throws IOException {
    process.onExit().completeOnTimeout(process, 1, TimeUnit.SECONDS).join();
    String now = process.isAlive() ? "it runs" : "it ended with " + process.exitValue();
    return now + "\n" + output() + errors();
  }

  /// Waits until its output has a word.
  String await(String word) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    String output = "";
    while (!output.contains(word)) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new AssertionError("does not say \"" + word + "\": " + state());
      }
      pause();
      output = output();
    }
    return output;
  }

  /// Between two looks, which would otherwise take the processor from the program that is seen.
  static void pause() {
    LockSupport.parkNanos(PAUSE_NANOS);
  }

  String output() throws IOException {
    return Files.readString(folder.resolve("out.txt"));
  }

  String errors() throws IOException {
    return Files.readString(folder.resolve("err.txt"));
  }

  /// What it tells of itself, by attaching to it.
  @SuppressWarnings("BanJNDI") // to a JVM that the test itself has started
  ThrumMXBean bean() throws Exception {
    ThrumMXBean known = bean;
    if (known != null) {
      return known;
    }
    VirtualMachine machine = VirtualMachine.attach(Long.toString(process.pid()));
    String address = machine.startLocalManagementAgent();
    machine.detach();
    JMXConnector opened = JMXConnectorFactory.connect(new JMXServiceURL(address));
    connector = opened;
    MBeanServerConnection server = opened.getMBeanServerConnection();
    ThrumMXBean found =
        JMX.newMXBeanProxy(server, new ObjectName(ThrumMXBean.NAME), ThrumMXBean.class);
    bean = found;
    return found;
  }

  JsonNode json(String view, String options) throws Exception {
    return json(bean(), view, options);
  }

  static JsonNode json(ThrumMXBean bean, String view, String options) throws IOException {
    return JSON.readTree(bean.json(view, options));
  }

  @Override
  public void close() throws Exception {
    try {
      if (connector != null) {
        connector.close();
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}
