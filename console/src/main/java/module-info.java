import org.jspecify.annotations.NullMarked;

/// A page in the browser that shows what a running program's loops and tasks do.
@NullMarked
module dev.thrum.console {
  requires transitive dev.thrum.core;
  requires static org.jspecify;
  requires jdk.httpserver;

  exports dev.thrum.console;
}
