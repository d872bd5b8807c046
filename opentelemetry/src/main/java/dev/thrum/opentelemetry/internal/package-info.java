/// What OpenTelemetry finds by itself.
///
/// Not an API.
@NullMarked
package dev.thrum.opentelemetry.internal;

import org.jspecify.annotations.NullMarked;
