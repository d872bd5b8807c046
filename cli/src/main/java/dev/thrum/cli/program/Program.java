package dev.thrum.cli.program;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A compiled program that can be started.
///
/// @param mainClass the name of the class that has `main`
/// @param classes the class files by the names of their classes
public record Program(String mainClass, Map<String, byte[]> classes) {

  /// Gets a program ready: takes it from the cache, or compiles it and puts it there.
  ///
  /// @param file its source file, or `-` for standard input
  /// @return the program
  /// @throws ProgramException if there is nothing to compile, or it does not compile
  public static Program load(String file) throws ProgramException {
    Source source = Source.read(file);
    Optional<ProgramCache> cache = ProgramCache.of(source);
    Optional<Program> cached = cache.flatMap(ProgramCache::read);
    if (cached.isPresent()) {
      return cached.get();
    }
    byte[] jar = CompilerProcess.compile(source);
    cache.ifPresent(it -> it.write(jar));
    return ProgramJar.read(jar);
  }

  /// Runs the program's `main` in the calling thread.
  ///
  /// @param arguments its arguments
  /// @throws Throwable what the program throws, without the frames of whoever started it
  public void start(List<String> arguments) throws Throwable {
    ClassLoader loader = new ProgramLoader(classes);
    Thread.currentThread().setContextClassLoader(loader);
    try {
      MainMethod.of(loader.loadClass(mainClass)).call(arguments.toArray(String[]::new));
    } catch (Throwable e) {
      StackTraces.cut(e, Program.class);
      throw e;
    }
  }
}
