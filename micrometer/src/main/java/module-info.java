import org.jspecify.annotations.NullMarked;

/// Figures of loops and tasks for Micrometer.
@NullMarked
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module dev.thrum.micrometer {
  requires transitive dev.thrum.core;
  requires transitive micrometer.core;
  requires static context.propagation;
  requires static org.jspecify;
  requires java.management;

  exports dev.thrum.micrometer;
}
