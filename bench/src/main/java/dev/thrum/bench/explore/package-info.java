/// How soon explorers of schedules find the same bugs, and how many schedules they run in a second.
@NullMarked
package dev.thrum.bench.explore;

import org.jspecify.annotations.NullMarked;
