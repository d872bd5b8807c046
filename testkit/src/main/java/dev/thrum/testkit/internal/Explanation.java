package dev.thrum.testkit.internal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A failing run, as it is told to people.
///
/// @param failure what failed
/// @param replay the string that repeats it, or empty if it could not be repeated
/// @param trace what happened in the shortest run that fails
/// @param deviations how many departures from a plain order it needs
/// @param flip which of them decides, in words
/// @param turn the number of the step where that is, or 0
/// @param stuck the knot, if it is one
/// @param replays how many runs it took to reduce it
/// @param strategy who found it
/// @param notes what else is to be said
public record Explanation(
    Throwable failure,
    String replay,
    Trace trace,
    int deviations,
    String flip,
    int turn,
    @Nullable Stuck stuck,
    int replays,
    String strategy,
    List<String> notes) {}
