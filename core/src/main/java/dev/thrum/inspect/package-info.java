/// Looking into a running program: what its tasks do, what they wait for, what holds a loop, and a
/// trace of every step.
@NullMarked
package dev.thrum.inspect;

import org.jspecify.annotations.NullMarked;
