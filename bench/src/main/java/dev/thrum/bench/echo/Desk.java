package dev.thrum.bench.echo;

import io.netty.util.Version;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/// What a Java server says to the driver, and is asked by it.
public final class Desk {
  private Desk() {}

  /// Says that the server listens, and answers from now on, on a thread that does nothing else.
  public static void open(int port) {
    var thread = new Thread(Desk::answer, "desk");
    thread.setDaemon(true);
    thread.start();
    System.out.println(port);
  }

  private static void answer() {
    try (var questions =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      while (questions.readLine() != null) {
        System.out.println(usedHeap());
      }
    } catch (IOException _) {
      // The driver is gone, as at the end of its input.
    }
    Runtime.getRuntime().halt(0);
  }

  private static long usedHeap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /// The JDK that runs the server.
  public static String jdk() {
    return "JDK " + Runtime.version();
  }

  /// The Netty that it stands on.
  public static String netty() {
    var version = Version.identify().get("netty-transport");
    return "Netty " + (version == null ? "of unknown version" : version.artifactVersion());
  }
}
