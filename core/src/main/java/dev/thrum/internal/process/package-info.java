/// What a pool of child JVMs and its children say to each other, and the children's own part.
@NullMarked
package dev.thrum.internal.process;

import org.jspecify.annotations.NullMarked;
