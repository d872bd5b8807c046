import org.jspecify.annotations.NullMarked;

/// The `thrum` command.
@NullMarked
module dev.thrum.cli {
  requires static org.jspecify;
  requires dev.thrum.core;
  requires info.picocli;
  requires java.compiler;
  requires jdk.compiler;

  opens dev.thrum.cli to
      info.picocli;
}
