package dev.thrum.channel;

import org.jspecify.annotations.Nullable;

/// One of the things that a [Select] waits for, and what to do if it comes first. For one use.
///
/// @param <R> the type of the value
/// @param <X> what its action may throw
public sealed interface Clause<R extends @Nullable Object, X extends Throwable>
    permits ClauseImpl {}
