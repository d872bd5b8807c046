package dev.thrum.net.jdk;

import dev.thrum.Async;
import dev.thrum.Body;
import dev.thrum.VoidBody;
import java.util.Arrays;
import java.util.stream.Stream;

/// How a task makes a call of the JDK that waits.
enum Way {
  /// As any thread does. On the confined engine that is a suspension point; on the portable engine
  /// it holds the loop, by design.
  PLAIN {
    @Override
    <T, X extends Exception> T call(Body<T, X> body) throws X {
      return body.call();
    }

    @Override
    <X extends Exception> void run(VoidBody<X> body) throws X {
      body.run();
    }
  },

  /// As a program does that is to run on both engines.
  BLOCKING {
    @Override
    <T, X extends Exception> T call(Body<T, X> body) throws X {
      return Async.blocking(body);
    }

    @Override
    <X extends Exception> void run(VoidBody<X> body) throws X {
      Async.blocking(body);
    }
  };

  abstract <T, X extends Exception> T call(Body<T, X> body) throws X;

  abstract <X extends Exception> void run(VoidBody<X> body) throws X;

  /// Those in which such calls of several tasks wait at the same time.
  static Stream<Way> concurrent() {
    return Arrays.stream(values()).filter(way -> way == BLOCKING || Jvm.isConfined());
  }
}
