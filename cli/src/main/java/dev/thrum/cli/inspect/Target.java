package dev.thrum.cli.inspect;

import dev.thrum.inspect.ThrumMXBean;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.time.Duration;
import java.time.Instant;
import javax.management.JMX;
import javax.management.MBeanServerConnection;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/// A running JVM with Thrum in it, connected to. Nothing that it fails to do is waited for forever.
final class Target implements AutoCloseable {
  /// How long a JVM may have run to count as one whose Thrum is about to begin.
  static final Duration YOUNG = Duration.ofSeconds(5);

  private static final Duration BEGINNING = Duration.ofSeconds(2);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);
  private static final Duration CONNECTING = Attachment.PATIENCE.plusSeconds(5);
  private static final Duration ANSWERING = Duration.ofSeconds(30);

  private final Answers answers;
  private final JMXConnector connector;
  private final ThrumMXBean bean;

  private Target(Answers answers, JMXConnector connector, ThrumMXBean bean) {
    this.answers = answers;
    this.connector = connector;
    this.bean = bean;
  }

  static Target connect(Address address) throws TargetException {
    Instant until = Instant.now().plus(BEGINNING);
    var answers = new Answers(address);
    return answers.within(
        CONNECTING,
        () -> {
          JMXServiceURL url =
              switch (address) {
                case Address.Pid(long pid) -> Attachment.open(LocalJvm.of(pid), until);
                case Address.Url(JMXServiceURL it) -> it;
              };
          JMXConnector connector = connect(url);
          MBeanServerConnection server = connector.getMBeanServerConnection();
          awaitThrum(address, server, until);
          var bean = JMX.newMXBeanProxy(server, name(ThrumMXBean.NAME), ThrumMXBean.class);
          return new Target(answers, connector, bean);
        });
  }

  /// The other side may belong to somebody else, and can say only what the JDK understands.
  @SuppressWarnings("BanJNDI") // a URL with JNDI is one that the user wrote
  private static JMXConnector connect(JMXServiceURL url) throws IOException {
    ObjectInputFilter.Config.setSerialFilter(
        ObjectInputFilter.Config.createFilter(
            "java.base/*;java.rmi/*;java.management/*;java.management.rmi/*;!*"));
    return JMXConnectorFactory.connect(url);
  }

  private static void awaitThrum(Address address, MBeanServerConnection server, Instant until)
      throws IOException, TargetException {
    while (!server.isRegistered(name(ThrumMXBean.NAME))) {
      if (Instant.now().isAfter(until) || !isYoung(server)) {
        throw new TargetException(
            address + " has no Thrum in it, or its first loop has not started yet");
      }
      pause(BETWEEN_LOOKS);
    }
  }

  private static boolean isYoung(MBeanServerConnection server) throws IOException {
    var runtime =
        ManagementFactory.newPlatformMXBeanProxy(
            server, ManagementFactory.RUNTIME_MXBEAN_NAME, RuntimeMXBean.class);
    return runtime.getUptime() < YOUNG.toMillis();
  }

  private static ObjectName name(String name) {
    try {
      return new ObjectName(name);
    } catch (MalformedObjectNameException e) {
      throw new AssertionError(e);
    }
  }

  static void pause(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// A view for people.
  String text(String view, Query options) throws TargetException {
    return answers.within(ANSWERING, () -> bean.text(view, options.toString()));
  }

  /// A view for programs.
  String json(String view, Query options) throws TargetException {
    return answers.within(ANSWERING, () -> bean.json(view, options.toString()));
  }

  /// Cancels a task.
  ///
  /// @return whether it was there
  boolean cancel(String loop, long task, String reason) throws TargetException {
    return answers.within(ANSWERING, () -> bean.cancel(loop, task, reason));
  }

  /// Makes sure that it is still there.
  void check() throws TargetException {
    answers.within(ANSWERING, bean::getLoopCount);
  }

  /// What the target says of itself, without words for why it does not.
  ThrumMXBean bean() {
    return bean;
  }

  /// Leaves it as it was. The command ends at once, so that a broken connection does not matter.
  @Override
  public void close() {
    try {
      connector.close();
    } catch (IOException e) {
      return;
    }
  }
}
