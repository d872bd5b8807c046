/// Data structures of the loop that know nothing of tasks: the timer heap, the ready queue, the
/// inbox of other threads.
@NullMarked
package dev.thrum.internal;

import org.jspecify.annotations.NullMarked;
