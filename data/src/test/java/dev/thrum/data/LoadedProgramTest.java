package dev.thrum.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A program whose classes another loader knows, as those of `thrum run`, goes on as well.
final class LoadedProgramTest {
  @TempDir Path folder;

  /// The program.
  public static final class Program {
    private Program() {}

    /// Sums.
    public record Sum(long value) {}

    /// Runs it, and fails behind a checkpoint if that is wanted.
    public static boolean run(Path folder, boolean fails) {
      return Pipeline.of(java.util.stream.IntStream.range(0, 100).boxed().toList())
          .map(i -> {
            dev.thrum.Async.sleep(Duration.ofMillis(1));
            if (fails && i == 90) {
              throw new IllegalStateException("ninety");
            }
            return new Sum(i);
          })
          .keyBy(_ -> "all")
          .reduce((one, other) -> new Sum(one.value() + other.value()))
          .to(Lines.write(folder.resolve("sum.txt")))
          .checkpoints(folder.resolve("job"), Duration.ofMillis(5))
          .run()
          .resumed();
    }
  }

  private static final class Loader extends ClassLoader {
    Loader() {
      super(Loader.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(Program.class.getName())) {
        return super.loadClass(name, resolve);
      }
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = in.readAllBytes();
        Class<?> known = findLoadedClass(name);
        return known != null ? known : defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  private Object run(boolean fails) throws Exception {
    return new Loader()
        .loadClass(Program.class.getName())
        .getMethod("run", Path.class, boolean.class)
        .invoke(null, folder, fails);
  }

  @Test
  void itGoesOn() throws Exception {
    var failed = assertThrows(InvocationTargetException.class, () -> run(true));
    assertTrue(failed.getCause().getMessage().contains("ninety"), failed.getCause()::toString);
    assertEquals(true, run(false));
    assertEquals("Sum[value=4950]\n", Files.readString(folder.resolve("sum.txt")));
  }
}
