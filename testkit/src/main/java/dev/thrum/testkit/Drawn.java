package dev.thrum.testkit;

import java.util.function.Function;

/// A generator as a function of choices.
record Drawn<T>(Function<Choices, T> from) implements Gen<T> {}
