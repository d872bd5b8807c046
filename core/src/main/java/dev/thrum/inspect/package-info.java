/// Looking into a running program: what its tasks do, what they wait for, and what holds a loop.
@NullMarked
package dev.thrum.inspect;

import org.jspecify.annotations.NullMarked;
