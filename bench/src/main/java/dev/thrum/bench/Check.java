package dev.thrum.bench;

/// Makes a program that computes the wrong thing fail instead of looking fast.
public final class Check {
  private Check() {}

  /// Fails unless the program's result is the expected one.
  public static void same(long expected, long actual) {
    if (expected != actual) {
      throw new IllegalStateException("expected " + expected + ", got " + actual);
    }
  }

  /// The sum of `0 … n - 1`.
  public static long sumBelow(long n) {
    return n * (n - 1) / 2;
  }
}
