/// The verbs that look into a running JVM. What they show is made there, by the
/// [dev.thrum.inspect.ThrumMXBean] that [Target] reaches.
package dev.thrum.cli.inspect;
