/// Tests of async code: virtual time, explored schedules, replay, and helpers for assertions about
/// order.
@NullMarked
package dev.thrum.testkit;

import org.jspecify.annotations.NullMarked;
