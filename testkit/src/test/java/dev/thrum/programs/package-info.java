/// Small concurrent programs with a known bug each, for trying out what looks for such bugs.
@NullMarked
package dev.thrum.programs;

import org.jspecify.annotations.NullMarked;
