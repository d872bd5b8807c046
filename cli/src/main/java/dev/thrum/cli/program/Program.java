package dev.thrum.cli.program;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.MethodRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A compiled program that can be started.
///
/// @param mainClass the name of the class that has `main`, or of the first one if none has
/// @param hasMain whether there is a `main`
/// @param classes the class files by the names of their classes
public record Program(String mainClass, boolean hasMain, Map<String, byte[]> classes) {

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

  /// Refuses one that cannot be run.
  ///
  /// @param file what the user calls it
  /// @return this
  /// @throws ProgramException if it has no `main`
  public Program withMain(String file) throws ProgramException {
    if (!hasMain) {
      throw ProgramException.usage(
          "'" + file + "' has no main method; a program starts at void main() { … }");
    }
    return this;
  }

  /// Defines its classes, and has the calling thread find them.
  ///
  /// @return the class that has `main`, or the first one
  /// @throws ClassNotFoundException if it refers to a class that is nowhere
  public Class<?> define() throws ClassNotFoundException {
    ClassLoader loader = new ProgramLoader(classes);
    Thread.currentThread().setContextClassLoader(loader);
    return loader.loadClass(mainClass);
  }

  /// The other top-level classes of the source file.
  ///
  /// @param type the class that [#define()] has given
  /// @return them, in the order of the file
  /// @throws ClassNotFoundException if one refers to a class that is nowhere
  public List<Class<?>> besides(Class<?> type) throws ClassNotFoundException {
    List<Class<?>> all = new ArrayList<>();
    String file = fileOfTopLevel(mainClass);
    for (String name : classes.keySet()) {
      if (!name.equals(mainClass)
          && packageOf(name).equals(type.getPackageName())
          && fileOfTopLevel(name).equals(file)) {
        all.add(type.getClassLoader().loadClass(name));
      }
    }
    return all;
  }

  private static String packageOf(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('.')));
  }

  /// The simple name of the source file; nothing for a class within another one.
  private String fileOfTopLevel(String name) {
    ClassModel model = ClassFile.of().parse(Objects.requireNonNull(classes.get(name)));
    return model.findAttribute(Attributes.nestHost()).isPresent()
        ? ""
        : model
            .findAttribute(Attributes.sourceFile())
            .map(it -> it.sourceFile().stringValue())
            .orElse("");
  }

  /// Asks a method without parameters for its result, or a field for its value.
  ///
  /// @param type the class that has or inherits it, such as [#define()] has given
  /// @param member what is asked; an object is made for it if it is not static
  /// @return the result
  /// @throws ProgramException if no object can be made
  /// @throws Throwable what the program throws, without the frames of whoever asked
  public @Nullable Object ask(Class<?> type, Member member) throws Throwable {
    ((AccessibleObject) member).setAccessible(true);
    try {
      Object of = Modifier.isStatic(member.getModifiers()) ? null : MainMethod.newInstance(type);
      return switch (member) {
        case Method method -> method.invoke(of);
        case Field field -> field.get(of);
        default -> throw new IllegalArgumentException(member.toString());
      };
    } catch (InvocationTargetException e) {
      Throwable cause = e.getTargetException();
      StackTraces.cut(cause, Program.class);
      throw cause;
    } catch (NoSuchMethodException | InstantiationException _) {
      throw ProgramException.usage(
          ("'%1$s' needs an object, and the class %2$s cannot be instantiated: make it static, or"
                  + " give %2$s a constructor without parameters")
              .formatted(member.getName(), type.getSimpleName()));
    }
  }

  /// Runs the program's `main` in the calling thread.
  ///
  /// @param arguments its arguments
  /// @throws Throwable what the program throws, without the frames of whoever started it
  public void start(List<String> arguments) throws Throwable {
    try {
      MainMethod.of(define()).call(arguments.toArray(String[]::new));
    } catch (Throwable e) {
      StackTraces.cut(e, Program.class);
      throw e;
    }
  }

  /// Whether one of its classes calls a method.
  ///
  /// @param owner the name of the method's class
  /// @param method the method's name
  /// @return whether it does, somewhere
  public boolean calls(String owner, String method) {
    String internal = owner.replace('.', '/');
    return classes.values().stream()
        .flatMap(bytes -> entries(bytes).stream())
        .anyMatch(entry ->
            entry instanceof MethodRefEntry called
                && called.owner().name().equalsString(internal)
                && called.name().equalsString(method));
  }

  private static List<PoolEntry> entries(byte[] bytes) {
    List<PoolEntry> all = new ArrayList<>();
    ClassFile.of().parse(bytes).constantPool().forEach(all::add);
    return all;
  }
}
