/// One way to wait for something that is not of one loop alone: the queue, the hand-off and the
/// wait-for graph under every lock and channel.
@NullMarked
package dev.thrum.internal.wait;

import org.jspecify.annotations.NullMarked;
