package dev.thrum.testkit.internal;

import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestInstanceFactory;
import org.junit.jupiter.api.extension.TestInstancePostProcessor;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;

/// Makes an instance of a test class for each run, as JUnit makes one for each test.
public final class FreshInstances {
  private static final List<Class<? extends Annotation>> INJECTED =
      List.of(TempDir.class, RegisterExtension.class);

  private final Object given;
  private final boolean shared;
  private List<Object> made = List.of();

  /// For the class of an instance.
  ///
  /// @param given the instance that JUnit has made
  /// @param keep whether all runs are to share it
  /// @throws ExtensionConfigurationException if a `@BeforeEach` or `@AfterEach` method that each
  ///   run needs takes parameters
  public FreshInstances(Object given, boolean keep) {
    this.given = given;
    this.shared = keep || !isMakeable(given.getClass());
    if (!shared) {
      checkMethods(given.getClass());
    }
  }

  private static boolean isMakeable(Class<?> type) {
    Class<?> outer = outer(type);
    return constructor(type, outer) != null
        && !isInjected(type)
        && (outer == null || isMakeable(outer));
  }

  /// Whether JUnit puts something into its instance that a new one would lack.
  private static boolean isInjected(Class<?> type) {
    return INJECTED.stream()
            .flatMap(annotation -> AnnotationSupport.findAnnotatedFields(type, annotation).stream())
            .anyMatch(field -> !Modifier.isStatic(field.getModifiers()))
        || AnnotationSupport.findRepeatableAnnotations(type, ExtendWith.class).stream()
            .flatMap(extended -> Stream.of(extended.value()))
            .anyMatch(extension ->
                TestInstancePostProcessor.class.isAssignableFrom(extension)
                    || TestInstanceFactory.class.isAssignableFrom(extension));
  }

  private static void checkMethods(Class<?> type) {
    Stream.of(BeforeEach.class, AfterEach.class)
        .flatMap(kind -> methods(type, kind, HierarchyTraversalMode.TOP_DOWN).stream())
        .filter(method -> method.getParameterCount() > 0)
        .findFirst()
        .ifPresent(method -> {
          throw new ExtensionConfigurationException(
              method
                  + " has parameters; it runs around each run of an explored test, and such methods"
                  + " take none");
        });
    Class<?> outer = outer(type);
    if (outer != null) {
      checkMethods(outer);
    }
  }

  private static @Nullable Class<?> outer(Class<?> type) {
    return isInner(type) ? type.getEnclosingClass() : null;
  }

  private static boolean isInner(Class<?> type) {
    return type.getEnclosingClass() != null && !Modifier.isStatic(type.getModifiers());
  }

  private static @Nullable Constructor<?> constructor(Class<?> type, @Nullable Class<?> outer) {
    try {
      return outer == null ? type.getDeclaredConstructor() : type.getDeclaredConstructor(outer);
    } catch (NoSuchMethodException _) {
      return null;
    }
  }

  /// The instance for the next run; if it is a new one, its `@BeforeEach` methods have run, and
  /// before them those of the instances around it.
  ///
  /// @return the instance
  /// @throws Throwable what a constructor or such a method threw
  public Object next() throws Throwable {
    if (shared) {
      return given;
    }
    made = List.of();
    made = make(given.getClass());
    for (Object instance : made) {
      for (Method method :
          methods(instance.getClass(), BeforeEach.class, HierarchyTraversalMode.TOP_DOWN)) {
        invoke(instance, method, List.of());
      }
    }
    return made.getLast();
  }

  /// Makes an instance, after those around it.
  private static List<Object> make(Class<?> type) throws Throwable {
    Class<?> outer = outer(type);
    Constructor<?> constructor = constructor(type, outer);
    if (constructor == null) {
      throw new IllegalStateException("no constructor of " + type);
    }
    constructor.setAccessible(true);
    List<Object> chain = outer == null ? new ArrayList<>() : make(outer);
    try {
      chain.add(
          constructor.newInstance(outer == null ? new Object[0] : new Object[] {chain.getLast()}));
    } catch (InvocationTargetException e) {
      throw cause(e);
    }
    return chain;
  }

  /// A run is over: the `@AfterEach` methods of what was made for it run, from the inside out, all
  /// of them whatever one throws.
  ///
  /// @throws Throwable what the first of them threw that failed
  public void done() throws Throwable {
    List<Object> chain = made.reversed();
    made = List.of();
    Throwable failure = null;
    for (Object instance : chain) {
      for (Method method :
          methods(instance.getClass(), AfterEach.class, HierarchyTraversalMode.BOTTOM_UP)) {
        try {
          invoke(instance, method, List.of());
        } catch (Throwable e) {
          if (failure == null) {
            failure = e;
          } else if (failure != e) {
            failure.addSuppressed(e);
          }
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static List<Method> methods(
      Class<?> type, Class<? extends Annotation> annotation, HierarchyTraversalMode order) {
    return AnnotationSupport.findAnnotatedMethods(type, annotation, order);
  }

  /// Calls a method.
  ///
  /// @param instance on what; null for a static one
  /// @param method the method
  /// @param arguments its arguments
  /// @throws Throwable what it threw, unwrapped
  public static void invoke(@Nullable Object instance, Method method, List<?> arguments)
      throws Throwable {
    method.setAccessible(true);
    try {
      var _ = method.invoke(instance, arguments.toArray());
    } catch (InvocationTargetException e) {
      throw cause(e);
    }
  }

  private static Throwable cause(InvocationTargetException e) {
    Throwable cause = e.getCause();
    return cause == null ? e : cause;
  }
}
