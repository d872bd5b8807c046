package dev.thrum.process;

import dev.thrum.VoidBody;
import java.io.Serializable;

/// What a child JVM runs, without a value. A lambda that stands where one is asked for is
/// serializable, as long as what it captures is.
///
/// @param <X> what it may throw
@FunctionalInterface
public interface VoidProcessBody<X extends Throwable> extends VoidBody<X>, Serializable {}
