/// Thrum and Micrometer: figures of loops and tasks for a meter registry, and thread locals that
/// follow tasks.
@NullMarked
package dev.thrum.micrometer;

import org.jspecify.annotations.NullMarked;
