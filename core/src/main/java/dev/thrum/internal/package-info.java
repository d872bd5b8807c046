/// What the packages above share and that knows nothing of tasks: the timer heap, the ready queue
/// and the inbox of a loop, calls that block, the handlers of signals.
@NullMarked
package dev.thrum.internal;

import org.jspecify.annotations.NullMarked;
