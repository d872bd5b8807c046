package dev.thrum.console;

import dev.thrum.inspect.Inspector;
import dev.thrum.inspect.ThrumMXBean;
import java.io.IOException;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;

/// A small web server that shows in a browser what a program's loops and tasks are doing.
///
/// ```java
/// try (var console = Console.start(0)) {
///   IO.println("Look at " + console.url());
///   run(() -> serve());
/// }
/// ```
///
/// **Who can see it.** It listens on the loopback address alone, and answers only who knows its
/// token, a random number in [#url()]. Whoever can read that address, for example in a log, can
/// read the names, waits and stacks of all tasks. Nothing can be changed through it unless
/// [Builder#allowCancel()] says so.
///
/// **What it costs.** It has a loop of its own, `thrum-console`, on a daemon thread, and at most
/// four threads beside it. They do nothing while no page is open; an open page asks for what it
/// shows once a second. Views show that loop only if they are asked for it by its name.
///
/// Safe to use from any thread and any task.
public sealed interface Console extends AutoCloseable permits ConsoleServer {

  /// Starts a console of this program.
  ///
  /// @param port where it listens; 0 for any that is free
  /// @return the console; closing it frees the port
  /// @throws IOException if it cannot listen there, with a message that says why
  static Console start(int port) throws IOException {
    return builder().port(port).start();
  }

  /// Options to be chosen.
  ///
  /// @return a builder for a console of this program on any free port
  static Builder builder() {
    return new Builder();
  }

  /// Where to look, with the token.
  ///
  /// @return an address for a browser on this machine
  URI url();

  /// Stops answering and frees the port. Closing again does nothing.
  @Override
  void close();

  /// Options of a console.
  final class Builder {

    private Optional<ThrumMXBean> source = Optional.empty();
    private int port;
    private boolean mayCancel;

    private Builder() {}

    /// Shows another program than this one.
    ///
    /// @param source what that program says of itself, for example through JMX
    /// @return this builder
    public Builder source(ThrumMXBean source) {
      this.source = Optional.of(Objects.requireNonNull(source, "source"));
      return this;
    }

    /// Chooses the port.
    ///
    /// @param port where to listen; 0, as without this, for any that is free
    /// @return this builder
    /// @throws IllegalArgumentException if it is not from 0 to 65535
    public Builder port(int port) {
      if (port < 0 || port > 0xffff) {
        throw new IllegalArgumentException("a port is a number from 0 to 65535, not " + port);
      }
      this.port = port;
      return this;
    }

    /// Lets the page cancel tasks. Without this it can only look.
    ///
    /// @return this builder
    public Builder allowCancel() {
      mayCancel = true;
      return this;
    }

    /// Starts it.
    ///
    /// @return the console
    /// @throws IOException if it cannot listen on the port, with a message that says why
    public Console start() throws IOException {
      return ConsoleServer.start(port, source.orElseGet(Inspector::local), mayCancel);
    }
  }
}
