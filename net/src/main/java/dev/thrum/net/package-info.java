/// Connections, listeners and datagrams that a task reads and writes like files, on the loop's own
/// thread.
@NullMarked
package dev.thrum.net;

import org.jspecify.annotations.NullMarked;
