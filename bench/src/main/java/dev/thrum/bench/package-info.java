/// Thrum beside its peers: the same workloads, one table.
@NullMarked
package dev.thrum.bench;

import org.jspecify.annotations.NullMarked;
