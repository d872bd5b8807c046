import org.jspecify.annotations.NullMarked;

/// A page in the browser that shows what a running program's loops and tasks do.
@NullMarked
module dev.thrum.console {
  requires transitive dev.thrum.core;
  requires dev.thrum.web;
  requires static org.jspecify;

  exports dev.thrum.console;
}
