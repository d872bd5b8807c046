/// A page in the browser that shows what a running program's loops and tasks do.
@NullMarked
package dev.thrum.console;

import org.jspecify.annotations.NullMarked;
