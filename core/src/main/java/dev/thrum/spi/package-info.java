/// What a test kit or a host may put in the place of the machine: the source of time.
@NullMarked
package dev.thrum.spi;

import org.jspecify.annotations.NullMarked;
