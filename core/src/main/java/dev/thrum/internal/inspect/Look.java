package dev.thrum.internal.inspect;

import java.util.List;

/// The tasks of a loop at one moment.
///
/// @param loop the loop
/// @param tasks each after its owner
/// @param fromOutside whether the loop was held, so that it could not do this itself
public record Look(Watched loop, List<Sight> tasks, boolean fromOutside) {}
