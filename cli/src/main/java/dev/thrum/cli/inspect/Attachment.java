package dev.thrum.cli.inspect;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.net.MalformedURLException;
import java.time.Duration;
import java.time.Instant;
import javax.management.remote.JMXServiceURL;

/// Has a JVM of this machine open its management interface to this machine's user, without an agent
/// and without a word in its output.
final class Attachment {
  /// How long a JVM may take to notice the request.
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);

  private Attachment() {}

  /// Where the JVM's interface is.
  ///
  /// @param until how long to wait for a young process to become a JVM
  static JMXServiceURL open(LocalJvm jvm, Instant until) throws TargetException {
    System.setProperty("sun.tools.attach.attachTimeout", Long.toString(PATIENCE.toMillis()));
    while (true) {
      try {
        return tryToOpen(jvm);
      } catch (TargetException e) {
        if (!jvm.isRunning() || !jvm.isYoung() || Instant.now().isAfter(until)) {
          throw e;
        }
      }
      Target.pause(BETWEEN_TRIES);
    }
  }

  private static JMXServiceURL tryToOpen(LocalJvm jvm) throws TargetException {
    var obstacle = jvm.obstacle();
    if (obstacle.isPresent()) {
      throw new TargetException(jvm.isRunning() ? obstacle.get() : hasEnded(jvm.pid()));
    }
    try {
      VirtualMachine machine = VirtualMachine.attach(Long.toString(jvm.pid()));
      try {
        return new JMXServiceURL(machine.startLocalManagementAgent());
      } finally {
        machine.detach();
      }
    } catch (MalformedURLException e) {
      throw new AssertionError(e);
    } catch (AttachNotSupportedException | IOException e) {
      throw new TargetException(jvm.isRunning() ? explain(jvm.pid(), e) : hasEnded(jvm.pid()));
    }
  }

  static String hasEnded(long pid) {
    return pid + " has ended";
  }

  /// Puts what the JDK says about a JVM that is there into other words.
  static String explain(long pid, Exception e) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("does not support the attach mechanism")) {
      return LocalJvm.refuses(pid);
    }
    if (message.contains("respond within")) {
      return doesNotAnswer(new Address.Pid(pid));
    }
    if (message.contains("Premature EOF")) {
      return pid + " is about to end";
    }
    if (message.contains("Permission denied") || message.contains("not permitted")) {
      return "you may not look into %d; ask as its user or as root".formatted(pid);
    }
    return "%d cannot be attached to: %s".formatted(pid, message);
  }

  static String doesNotAnswer(Address address) {
    return address + " does not answer; perhaps it is collecting garbage, or the machine is busy";
  }
}
