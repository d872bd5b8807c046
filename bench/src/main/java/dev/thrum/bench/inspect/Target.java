package dev.thrum.bench.inspect;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import dev.thrum.inspect.ThrumMXBean;
import java.io.IOException;
import java.time.Duration;
import javax.management.JMX;
import javax.management.MBeanServerConnection;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/// A JVM with Thrum in it, attached to without preparation, as the command line does it.
final class Target implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(20);

  private final JMXConnector connector;
  private final ThrumMXBean bean;

  private Target(JMXConnector connector, ThrumMXBean bean) {
    this.connector = connector;
    this.bean = bean;
  }

  /// Waits for a JVM that has just begun.
  @SuppressWarnings("BanJNDI") // a JVM of this benchmark told the address
  static Target attach(long pid) throws IOException, InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    var connector = JMXConnectorFactory.connect(address(pid, until));
    var server = connector.getMBeanServerConnection();
    var name = name();
    awaitBean(server, name, until);
    return new Target(connector, JMX.newMXBeanProxy(server, name, ThrumMXBean.class));
  }

  private static JMXServiceURL address(long pid, long until)
      throws IOException, InterruptedException {
    while (true) {
      try {
        var machine = VirtualMachine.attach(Long.toString(pid));
        try {
          return new JMXServiceURL(machine.startLocalManagementAgent());
        } finally {
          machine.detach();
        }
      } catch (AttachNotSupportedException | IOException e) {
        if (System.nanoTime() > until) {
          throw new IOException("cannot attach to " + pid, e);
        }
      }
      Thread.sleep(BETWEEN_TRIES);
    }
  }

  private static void awaitBean(MBeanServerConnection server, ObjectName name, long until)
      throws IOException, InterruptedException {
    while (!server.isRegistered(name)) {
      if (System.nanoTime() > until) {
        throw new IOException("there is no Thrum in it");
      }
      Thread.sleep(BETWEEN_TRIES);
    }
  }

  private static ObjectName name() {
    try {
      return new ObjectName(ThrumMXBean.NAME);
    } catch (MalformedObjectNameException e) {
      throw new AssertionError(e);
    }
  }

  ThrumMXBean bean() {
    return bean;
  }

  @Override
  public void close() {
    try {
      connector.close();
    } catch (IOException _) {
      // The other side is gone.
    }
  }
}
