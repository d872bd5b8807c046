package dev.thrum.testkit.internal;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;

/// Makes an instance of a test class for each run, as JUnit makes one for each test.
public final class FreshInstances {
  private final Object given;
  private final boolean shared;

  /// For the class of an instance.
  ///
  /// @param given the instance that JUnit has made
  /// @param keep whether all runs are to share it
  public FreshInstances(Object given, boolean keep) {
    this.given = given;
    this.shared = keep || !isMakeable(given.getClass());
  }

  private static boolean isMakeable(Class<?> type) {
    Class<?> outer = isInner(type) ? type.getEnclosingClass() : null;
    return constructor(type, outer) != null && (outer == null || isMakeable(outer));
  }

  private static boolean isInner(Class<?> type) {
    return type.getEnclosingClass() != null
        && !java.lang.reflect.Modifier.isStatic(type.getModifiers());
  }

  private static @Nullable Constructor<?> constructor(Class<?> type, @Nullable Class<?> outer) {
    try {
      return outer == null ? type.getDeclaredConstructor() : type.getDeclaredConstructor(outer);
    } catch (NoSuchMethodException _) {
      return null;
    }
  }

  /// The instance for the next run; if it is a new one, its `@BeforeEach` methods have run.
  ///
  /// @return the instance
  /// @throws Throwable what a constructor or such a method threw
  public Object next() throws Throwable {
    return shared ? given : make(given.getClass());
  }

  private static Object make(Class<?> type) throws Throwable {
    Class<?> outer = isInner(type) ? type.getEnclosingClass() : null;
    Constructor<?> constructor = constructor(type, outer);
    if (constructor == null) {
      throw new IllegalStateException("no constructor of " + type);
    }
    constructor.setAccessible(true);
    Object made;
    try {
      made = outer == null ? constructor.newInstance() : constructor.newInstance(make(outer));
    } catch (InvocationTargetException e) {
      throw cause(e);
    }
    for (Method method : methods(type, BeforeEach.class, HierarchyTraversalMode.TOP_DOWN)) {
      invoke(made, method);
    }
    return made;
  }

  /// A run with it is over: its `@AfterEach` methods run.
  ///
  /// @param instance what [#next()] gave
  /// @throws Throwable what such a method threw
  public void done(Object instance) throws Throwable {
    if (!shared) {
      for (Method method :
          methods(instance.getClass(), AfterEach.class, HierarchyTraversalMode.BOTTOM_UP)) {
        invoke(instance, method);
      }
    }
  }

  private static List<Method> methods(
      Class<?> type,
      Class<? extends java.lang.annotation.Annotation> annotation,
      HierarchyTraversalMode order) {
    return AnnotationSupport.findAnnotatedMethods(type, annotation, order);
  }

  private static void invoke(Object instance, Method method) throws Throwable {
    if (method.getParameterCount() > 0) {
      throw new IllegalStateException(
          method + " has parameters; around an explored test such methods take none");
    }
    invoke(instance, method, List.of());
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
