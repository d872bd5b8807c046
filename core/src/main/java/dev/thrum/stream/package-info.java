/// Sequences whose items take time: generators, gatherers for `java.util.stream`, and publishers.
///
/// What is here works inside tasks. A sequence is taken item by item in one task, with a
/// [dev.thrum.stream.Cursor]; what it needs runs in children of the scope in which that began, and
/// is over when that scope is left. Every operation that can wait throws
/// [dev.thrum.CancelledException] if the calling task is cancelled, also when it then need not
/// wait; no item is lost by that.
@NullMarked
package dev.thrum.stream;

import org.jspecify.annotations.NullMarked;
