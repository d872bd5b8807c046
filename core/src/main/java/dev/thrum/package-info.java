/// Async/await for Java: run blocking-style code on a single-threaded loop.
///
/// Start at [dev.thrum.Async]; its methods are meant to be imported statically. [dev.thrum.Runner]
/// starts a loop with options, [dev.thrum.Task] is what `async` returns, [dev.thrum.Scope] is what
/// owns tasks.
@NullMarked
package dev.thrum;

import org.jspecify.annotations.NullMarked;
