package dev.thrum.data.run;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.DefaultInstantiatorStrategy;
import dev.thrum.data.Job;
import dev.thrum.data.graph.Node;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.objenesis.strategy.StdInstantiatorStrategy;

/// States as bytes, by Kryo: elements need not be serializable.
final class Codec {
  static {
    // Kryo does without the JDK's Unsafe, about which the JDK would print a warning.
    if (System.getProperty("kryo.unsafe") == null) {
      System.setProperty("kryo.unsafe", "false");
    }
  }

  private final ClassLoader loader;

  /// @param loader knows the program's classes
  Codec(ClassLoader loader) {
    this.loader = loader;
  }

  /// For the states of a job.
  static Codec of(Job job) {
    return new Codec(loader(job.node()).orElseGet(Codec::context));
  }

  /// Where the first function of the program's comes from, if not from where this does.
  private static Optional<ClassLoader> loader(Node node) {
    for (Object part : node.operator().parts()) {
      ClassLoader own = part.getClass().getClassLoader();
      if (own != null && own != Codec.class.getClassLoader()) {
        return Optional.of(own);
      }
    }
    return node.inputs().stream().flatMap(input -> loader(input).stream()).findFirst();
  }

  private static ClassLoader context() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return context == null ? Codec.class.getClassLoader() : context;
  }

  @SuppressWarnings("JdkObsolete") // it has a wrapper of its own
  private Kryo kryo() {
    Kryo kryo = new Kryo();
    kryo.setClassLoader(loader);
    kryo.setRegistrationRequired(false);
    kryo.setReferences(true);
    kryo.setInstantiatorStrategy(new DefaultInstantiatorStrategy(new StdInstantiatorStrategy()));
    wrapped(
        kryo,
        Collections.unmodifiableCollection(List.of()),
        ArrayList::new,
        Collections::unmodifiableCollection);
    wrapped(
        kryo,
        Collections.unmodifiableList(new ArrayList<>()),
        ArrayList::new,
        Collections::unmodifiableList);
    wrapped(
        kryo,
        Collections.unmodifiableList(new java.util.LinkedList<>()),
        ArrayList::new,
        Collections::unmodifiableList);
    wrapped(
        kryo,
        Collections.unmodifiableSet(Set.of()),
        LinkedHashSet::new,
        Collections::unmodifiableSet);
    wrapped(
        kryo,
        Collections.unmodifiableMap(Map.of()),
        LinkedHashMap::new,
        Collections::unmodifiableMap);
    return kryo;
  }

  /// Has Kryo write what the JDK has put a wrapper around, and put it around again.
  private static <W, C> void wrapped(
      Kryo kryo, W example, Function<W, C> copy, Function<C, W> wrap) {
    kryo.addDefaultSerializer(
        example.getClass(),
        new Serializer<W>() {
          @Override
          public void write(Kryo by, Output output, W value) {
            by.writeClassAndObject(output, copy.apply(value));
          }

          @Override
          @SuppressWarnings("unchecked")
          public W read(Kryo by, Input input, Class<? extends W> type) {
            return wrap.apply((C) by.readClassAndObject(input));
          }
        });
  }

  byte[] bytes(Object state) {
    Output output = new Output(256, -1);
    kryo().writeClassAndObject(output, state);
    return output.toBytes();
  }

  Object read(byte[] bytes) {
    return kryo().readClassAndObject(new Input(bytes));
  }
}
