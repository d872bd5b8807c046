/// What the server and the framework both need of HTTP.
@NullMarked
package dev.thrum.http.internal;

import org.jspecify.annotations.NullMarked;
