/// The web benchmark's servers that run on a JVM: one class for each, and what they have in common,
/// which is the data they speak of, Jackson, and the connection pool.
///
/// A server's `main` prints its version if it has an argument; else it listens on a free port of
/// the loopback and says so with [dev.thrum.bench.echo.Desk#open(int)]. What it has to answer is in
/// [dev.thrum.bench.web.Checks]; to what it has no answer to give it says 501, and it is left out
/// of those rows.
@NullMarked
package dev.thrum.bench.web.server;

import org.jspecify.annotations.NullMarked;
