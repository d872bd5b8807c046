package dev.thrum;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/// Classes that come from a child JVM and do not belong to the test that calls it.
final class Foreign {
  private Foreign() {}

  /// Whether this JVM has run anything of [Trap].
  static final List<String> SPRUNG = new ArrayList<>();

  /// May not come in, and would do something if it did.
  static final class Trap implements Serializable {
    private static final long serialVersionUID = 1L;

    static {
      SPRUNG.add("initialized");
    }

    private void readObject(java.io.ObjectInputStream in) throws IOException {
      SPRUNG.add("read");
    }
  }

  /// May not come in unasked.
  static class Plain implements Serializable {
    private static final long serialVersionUID = 1L;
    final String text;

    Plain(String text) {
      this.text = text;
    }
  }

  /// Leads to a plain one.
  static final class Holder implements Serializable {
    private static final long serialVersionUID = 1L;
    final ArrayList<Plain> inside = new ArrayList<>();
    final Shape shape;

    Holder(String text, Shape shape) {
      this.inside.add(new Plain(text));
      this.shape = shape;
    }
  }

  /// Known to the last one.
  sealed interface Shape extends Serializable permits Circle, Square {}

  static final class Circle implements Shape {
    private static final long serialVersionUID = 1L;
  }

  static final class Square implements Shape {
    private static final long serialVersionUID = 1L;
  }

  /// Not said to be serializable.
  record Point(int x, Color color, List<Object> more) {}

  enum Color {
    RED,
    BLUE {
      @Override
      boolean isCold() {
        return true;
      }
    };

    boolean isCold() {
      return false;
    }
  }

  /// An exception with a plain one.
  static final class Failure extends Exception {
    private static final long serialVersionUID = 1L;
    final Plain detail;

    Failure(String message, Plain detail) {
      super(message);
      this.detail = detail;
    }
  }

  /// Writes what it should not.
  static final class Smuggler extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    private void writeObject(ObjectOutputStream out) throws IOException {
      out.defaultWriteObject();
      out.writeObject(new Trap());
    }
  }

  static Object trap() {
    return new Trap();
  }

  static Holder holder() {
    return new Holder("inside", new Square());
  }

  static List<Plain> plains() {
    return List.of(new Plain("one"), new Plain("two"));
  }
}
