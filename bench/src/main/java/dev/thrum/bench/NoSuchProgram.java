package dev.thrum.bench;

/// A peer has no natural form of a workload.
public final class NoSuchProgram extends Exception {
  private static final long serialVersionUID = 1L;

  NoSuchProgram() {
    super("this peer has no program for this workload", null, false, false);
  }
}
