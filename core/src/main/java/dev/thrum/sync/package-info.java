/// Locks and signals that tasks of any loop and plain threads share.
///
/// A task that has to wait suspends; a plain thread blocks. Everything here is first come, first
/// served: what is given back goes straight to who has waited longest, and nobody overtakes it.
/// Every operation that can wait throws [dev.thrum.CancelledException] if the calling task is
/// cancelled, also when it then need not wait; what was handed over before a cancellation came is
/// kept, and the next suspension point throws. A plain thread that is interrupted gets a
/// `java.util.concurrent.CancellationException` and keeps its interrupt status.
@NullMarked
package dev.thrum.sync;

import org.jspecify.annotations.NullMarked;
