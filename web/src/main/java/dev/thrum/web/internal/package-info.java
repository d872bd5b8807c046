/// What the framework needs and nobody else.
@NullMarked
package dev.thrum.web.internal;

import org.jspecify.annotations.NullMarked;
