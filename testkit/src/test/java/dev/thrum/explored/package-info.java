/// Thrum's own primitives, and some of the JDK's, under every order of small programs.
@NullMarked
package dev.thrum.explored;

import org.jspecify.annotations.NullMarked;
