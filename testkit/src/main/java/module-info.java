import org.jspecify.annotations.NullMarked;

/// Tests of async code: virtual time, explored schedules, replay.
@NullMarked
module dev.thrum.testkit {
  requires transitive dev.thrum.core;
  requires static transitive org.junit.jupiter.api;
  requires static org.jspecify;

  exports dev.thrum.testkit;

  opens dev.thrum.testkit to
      org.junit.platform.commons;
}
