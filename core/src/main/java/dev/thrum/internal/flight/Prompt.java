package dev.thrum.internal.flight;

import dev.thrum.Instrument;

/// An instrument that is told at once, by the loop's own code, and so sees the machine's clock and
/// the thread as they were. It must take no lock that a task can hold, and call no code of the
/// program's.
public interface Prompt extends Instrument {}
