import org.jspecify.annotations.NullMarked;

/// The `thrum` command.
@NullMarked
module dev.thrum.cli {
  requires static org.jspecify;
  requires dev.thrum.console;
  requires dev.thrum.core;
  requires dev.thrum.web;
  requires info.picocli;
  requires java.compiler;
  requires java.logging;
  requires java.management;
  requires java.management.rmi; // where JMX finds its connections
  requires java.rmi;
  requires jdk.attach;
  requires jdk.compiler;

  opens dev.thrum.cli to
      info.picocli;
  opens dev.thrum.cli.inspect to
      info.picocli;
  opens dev.thrum.cli.serve to
      info.picocli;
}
