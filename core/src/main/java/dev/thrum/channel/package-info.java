/// Channels: how tasks of any loop and plain threads hand items to each other.
///
/// A task that has to wait suspends, a plain thread blocks. Waiters are served in the order they
/// came, and an item, or a place for one, goes straight to who has waited longest, so that nobody
/// overtakes. Every operation that can wait throws [dev.thrum.CancelledException] if the calling
/// task is cancelled, also when it then need not wait. An item that was handed over before the
/// cancellation came is delivered, and the next suspension point throws: no item is lost or
/// delivered twice. A plain thread that is interrupted gets a
/// `java.util.concurrent.CancellationException` and keeps its interrupt status.
@NullMarked
package dev.thrum.channel;

import org.jspecify.annotations.NullMarked;
