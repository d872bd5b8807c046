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

  /// The item that a sender sends as its `i`-th: 0 to 127, which Java keeps boxed.
  public static int item(int i) {
    return i & 127;
  }

  /// The sum of a sender's first `n` items.
  public static long sumOfItems(int n) {
    return n / 128 * sumBelow(128) + sumBelow(n % 128);
  }
}
