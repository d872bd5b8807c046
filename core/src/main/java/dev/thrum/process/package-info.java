/// Other processes: programs, signals, and child JVMs.
@NullMarked
package dev.thrum.process;

import org.jspecify.annotations.NullMarked;
