package dev.thrum.data.run;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.DefaultInstantiatorStrategy;
import org.objenesis.strategy.StdInstantiatorStrategy;

/// States as bytes, by Kryo: elements need not be serializable.
final class Codec {
  static {
    // Kryo does without the JDK's Unsafe, about which the JDK would print a warning.
    if (System.getProperty("kryo.unsafe") == null) {
      System.setProperty("kryo.unsafe", "false");
    }
  }

  private Codec() {}

  private static Kryo kryo() {
    Kryo kryo = new Kryo();
    kryo.setRegistrationRequired(false);
    kryo.setReferences(true);
    kryo.setInstantiatorStrategy(new DefaultInstantiatorStrategy(new StdInstantiatorStrategy()));
    return kryo;
  }

  static byte[] bytes(Object state) {
    Output output = new Output(256, -1);
    kryo().writeClassAndObject(output, state);
    return output.toBytes();
  }

  static Object read(byte[] bytes) {
    return kryo().readClassAndObject(new Input(bytes));
  }
}
