/// The two ways to give each task a thread of its own that runs only when the loop says so.
@NullMarked
package dev.thrum.internal.engine;

import org.jspecify.annotations.NullMarked;
