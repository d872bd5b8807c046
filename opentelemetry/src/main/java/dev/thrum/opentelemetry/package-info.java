/// Thrum and OpenTelemetry.
///
/// **The context follows tasks.** With this module in the program OpenTelemetry's `Context` is a
/// variable of the task, as a [dev.thrum.TaskLocal] is: a child begins with what its creator saw,
/// `blocking` and `parallel` work with what its caller sees, and what either makes current later
/// the other does not see. So a span that is current where a task is started is the parent of the
/// spans in it. Nothing needs to be called for it: OpenTelemetry finds the storage by itself.
///
/// **Guarantees.** Threads beside any loop keep OpenTelemetry's own storage, with its behaviour. A
/// `Scope` that is closed out of order, or by another task, is ignored and logged, as there.
///
/// **Non-guarantees.** The main task of a loop and what other threads submit begin with the root
/// context: make the one that you want current inside, or wrap the body with `Context.wrap`.
/// OpenTelemetry uses one storage; if another library brings one too, say with the system property
/// `io.opentelemetry.context.contextStorageProvider` which it is.
@NullMarked
package dev.thrum.opentelemetry;

import org.jspecify.annotations.NullMarked;
