/// What looking into a running program costs it, and how long an answer takes.
@NullMarked
package dev.thrum.bench.inspect;

import org.jspecify.annotations.NullMarked;
