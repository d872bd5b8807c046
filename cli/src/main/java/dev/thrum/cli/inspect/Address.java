package dev.thrum.cli.inspect;

import java.net.MalformedURLException;
import javax.management.remote.JMXServiceURL;

/// Which JVM is meant.
sealed interface Address {

  /// A process of this machine.
  record Pid(long number) implements Address {
    @Override
    public String toString() {
      return Long.toString(number);
    }
  }

  /// Where a JVM offers its management to others, which it does when it is started with
  /// `-Dcom.sun.management.jmxremote.port`.
  record Url(JMXServiceURL url) implements Address {
    @Override
    public String toString() {
      return url.toString();
    }
  }

  /// Reads what stands on the command line.
  ///
  /// @throws IllegalArgumentException with a sentence, if it is neither
  static Address parse(String text) {
    try {
      return text.startsWith("service:")
          ? new Url(new JMXServiceURL(text))
          : new Pid(Long.parseLong(text));
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(
          "'%s' is no service URL, such as service:jmx:rmi:///jndi/rmi://HOST:PORT/jmxrmi"
              .formatted(text),
          e);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'%s' is no PID; 'thrum ps' lists the JVMs".formatted(text), e);
    }
  }
}
