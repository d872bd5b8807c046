/// JMH benchmarks of single operations.
@NullMarked
package dev.thrum.bench.micro;

import org.jspecify.annotations.NullMarked;
