/// How a loop reaches the system's sockets.
@NullMarked
package dev.thrum.net.internal;

import org.jspecify.annotations.NullMarked;
