package dev.thrum.bench.web;

/// One measured interval: the server's CPU time for a request, the requests in a second, the time
/// that 99 of 100 answers took at most, and how much of the time the server was running.
record Sample(
    double microsPerRequest, double requestsPerSecond, double slowestMillis, double busy) {
  static Sample of(Tally tally, long cpuNanos) {
    return new Sample(
        cpuNanos / 1e3 / tally.requests(),
        tally.requests() / tally.seconds(),
        tally.slowestMillis(),
        cpuNanos / 1e9 / tally.seconds());
  }
}
