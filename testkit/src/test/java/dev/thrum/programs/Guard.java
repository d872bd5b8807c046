package dev.thrum.programs;

/// What stands around a critical section: a lock, or nothing where a program forgot it.
@FunctionalInterface
interface Guard {

  /// Runs a section inside.
  void around(Runnable section);

  /// A lock if the program is mended, else nothing.
  static Guard lockIf(boolean mended) {
    return mended ? new BargingLock() : Runnable::run;
  }
}
