package dev.thrum.testkit.internal;

import java.util.Arrays;

/// A list of numbers that is used again in each run.
final class Ints {
  private int[] values = new int[64];
  private int size;

  void clear() {
    size = 0;
  }

  void add(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = value;
  }

  int get(int index) {
    return values[index];
  }

  void set(int index, int value) {
    values[index] = value;
  }

  int size() {
    return size;
  }

  void truncate(int length) {
    size = Math.min(size, length);
  }

  int[] toArray() {
    return Arrays.copyOf(values, size);
  }
}
