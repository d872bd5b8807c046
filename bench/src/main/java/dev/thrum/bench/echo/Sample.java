package dev.thrum.bench.echo;

/// One measured interval: the server's CPU time for a message, the messages in a second, and how
/// much of the time the server was running.
record Sample(double microsPerMessage, double messagesPerSecond, double busy) {
  static Sample of(double messages, long cpuNanos, long wallNanos) {
    return new Sample(
        cpuNanos / 1e3 / messages, messages * 1e9 / wallNanos, (double) cpuNanos / wallNanos);
  }
}
