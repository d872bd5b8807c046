package dev.thrum.internal.flight;

/// How much a loop has to do.
///
/// @param tasks tasks that have not ended
/// @param ready tasks that wait for their turn
/// @param steps steps since the loop began
/// @param timers timers that are set
public record Figures(long tasks, long ready, long steps, long timers) {}
