package dev.thrum.bench;

import com.softwaremill.jox.Channel;
import com.softwaremill.jox.Select;
import com.softwaremill.jox.SelectClause;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;

/// Virtual threads on the JDK's own scheduler, with Jox's channels.
public final class JoxThreads extends ThreadPeer {
  private static final String PROPERTIES =
      "/META-INF/maven/com.softwaremill.jox/channels/pom.properties";

  @Override
  Thread start(Runnable body) {
    return Thread.startVirtualThread(body);
  }

  @Override
  Pipe pipe(int capacity) {
    return new JoxPipe(
        switch (capacity) {
          case 0 -> Channel.newRendezvousChannel();
          case UNLIMITED -> Channel.newUnlimitedChannel();
          default -> Channel.newBufferedChannel(capacity);
        });
  }

  /// The clauses are made once: Jox says that they may be used again.
  @Override
  @SuppressWarnings({"unchecked", "rawtypes"})
  Source anyOf(List<Pipe> pipes) {
    SelectClause<Integer>[] clauses =
        pipes.stream()
            .map(pipe -> ((JoxPipe) pipe).channel.receiveClause())
            .toArray(SelectClause[]::new);
    return () -> Select.select(clauses);
  }

  @Override
  public String version() {
    return "Jox " + joxVersion() + ", " + super.version();
  }

  private static String joxVersion() {
    var known = new Properties();
    try (var text = Channel.class.getResourceAsStream(PROPERTIES)) {
      if (text != null) {
        known.load(text);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return known.getProperty("version", "of unknown version");
  }

  private record JoxPipe(Channel<Integer> channel) implements Pipe {
    @Override
    public void send(Integer item) throws InterruptedException {
      channel.send(item);
    }

    @Override
    public Integer receive() throws InterruptedException {
      return channel.receive();
    }
  }
}
