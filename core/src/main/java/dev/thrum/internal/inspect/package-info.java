/// What can be seen of a running program: the sampler that watches loops, the picture of their
/// tasks, and how it is told as text and as JSON.
@NullMarked
package dev.thrum.internal.inspect;

import org.jspecify.annotations.NullMarked;
