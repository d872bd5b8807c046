import org.jspecify.annotations.NullMarked;

/// Async/await for Java: a single-threaded loop, tasks, scopes, cancellation and time; locks,
/// channels, streams, processes and files.
@NullMarked
@SuppressWarnings("module") // the modules above are not there when this one is compiled
module dev.thrum.core {
  requires static transitive org.jspecify;
  requires java.management;
  requires static jdk.jfr; // events for a flight recorder, if one runs
  requires static jdk.management; // to notice Ctrl-\
  requires static jdk.unsupported; // signals, looked up by name; without it there is no Ctrl-C

  exports dev.thrum;
  exports dev.thrum.channel;
  exports dev.thrum.file;
  exports dev.thrum.inspect;
  exports dev.thrum.process;
  exports dev.thrum.spi;
  exports dev.thrum.stream;
  exports dev.thrum.sync;

  // To Thrum's own modules only.
  exports dev.thrum.internal to
      dev.thrum.net,
      dev.thrum.testkit,
      dev.thrum.web;
  exports dev.thrum.internal.engine to
      dev.thrum.net,
      dev.thrum.testkit;
  exports dev.thrum.internal.inspect to
      dev.thrum.testkit;
  exports dev.thrum.internal.wait to
      dev.thrum.net,
      dev.thrum.testkit,
      dev.thrum.web;
}
