package dev.thrum.process;

/// Signals of the operating system, received by tasks for as long as this is open.
///
/// ```java
/// try (Signals signals = Signals.receive("TERM", "HUP")) {
///   for (String signal : signals) {
///     if (signal.equals("TERM")) break;
///     reloadConfiguration();
///   }
/// }
/// ```
///
/// **Guarantees.** From [#receive] to [#close()] these signals do nothing else: they do not end the
/// JVM. Of several receivers of one signal, and of runs that wait for Ctrl-C (`INT`), the one that
/// was opened last gets it; one that is closed makes way for the others, in whatever order. A
/// signal that came and was not taken before the close goes to who is next, at last to the JVM.
///
/// **Non-guarantees.** As in the system itself, a signal that comes again before it was taken is
/// one signal. One that was ignored when the JVM started, as `HUP` under `nohup`, never comes.
///
/// **Cancellation.** Waiting for a signal is a suspension point; a signal is never lost by it. A
/// clock that jumps stands still meanwhile.
///
/// **Threads.** Any number of tasks and threads may wait; each signal goes to one of them.
public sealed interface Signals extends Iterable<String>, AutoCloseable permits SignalsImpl {

  /// Begins to receive signals.
  ///
  /// @param names their names, with or without `SIG`, at least one
  /// @return the receiver, which the caller has to close
  /// @throws IllegalArgumentException if there is no such signal, or nobody may receive it, such as
  ///   `KILL`, or the JVM needs it, such as `QUIT`
  /// @throws UnsupportedOperationException if the JVM lacks the module `jdk.unsupported`
  static Signals receive(String... names) {
    return SignalsImpl.open(names);
  }

  /// Waits for the next signal.
  ///
  /// @return its name, without `SIG`
  /// @throws IllegalStateException if this has been closed
  String next();

  /// Gives the signals back. A loop over this ends.
  @Override
  void close();
}
