package dev.thrum.internal.process;

import java.io.Serializable;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The classes that a declared type leads to: itself, what it permits, what its fields and their
/// type arguments are declared as, and so on. What is declared as an open interface or as `Object`
/// leads nowhere, and the JDK's own classes are not looked into.
public final class DeclaredTypes {

  /// Says what a body returns and throws, as far as its code declares it.
  public interface Source {
    /// What it returns and throws.
    ///
    /// @return the types
    List<Type> types();
  }

  private DeclaredTypes() {}

  /// What a body declares as its result and its exceptions.
  ///
  /// @param body the body's class
  /// @param lambda its serialized form, if it is a lambda or method reference
  /// @return the types, found when they are asked for
  public static Source ofBody(Class<?> body, @Nullable SerializedLambda lambda) {
    return () -> {
      List<Type> found = new ArrayList<>();
      try {
        if (lambda == null) {
          addOutcomes(found, body, "call", "()");
          addOutcomes(found, body, "run", "()");
        } else {
          addLambda(found, lambda, body.getClassLoader());
        }
      } catch (ClassNotFoundException | LinkageError | RuntimeException _) {
        // then nothing is known of it
      }
      return found;
    };
  }

  private static void addLambda(
      List<Type> found, SerializedLambda lambda, @Nullable ClassLoader loader)
      throws ClassNotFoundException {
    for (String signature :
        List.of(lambda.getImplMethodSignature(), lambda.getInstantiatedMethodType())) {
      found.add(MethodType.fromMethodDescriptorString(signature, loader).returnType());
    }
    Class<?> place = Class.forName(lambda.getImplClass().replace('/', '.'), false, loader);
    if (lambda.getImplMethodName().equals("<init>")) {
      found.add(place);
      for (Constructor<?> constructor : place.getDeclaredConstructors()) {
        found.addAll(List.of(constructor.getGenericExceptionTypes()));
      }
    } else {
      addOutcomes(found, place, lambda.getImplMethodName(), lambda.getImplMethodSignature());
    }
  }

  private static void addOutcomes(List<Type> found, Class<?> place, String name, String signature) {
    for (Method method : place.getDeclaredMethods()) {
      MethodType type = MethodType.methodType(method.getReturnType(), method.getParameterTypes());
      if (method.getName().equals(name) && type.toMethodDescriptorString().startsWith(signature)) {
        found.add(method.getGenericReturnType());
        found.addAll(List.of(method.getGenericExceptionTypes()));
      }
    }
  }

  /// Adds the classes that a type leads to.
  ///
  /// @param classes where to
  /// @param type the type
  public static void addTo(Set<Class<?>> classes, Type type) {
    try {
      switch (type) {
        case Class<?> one -> addClass(classes, one);
        case ParameterizedType generic -> {
          addTo(classes, generic.getRawType());
          addAll(classes, generic.getActualTypeArguments());
        }
        case GenericArrayType array -> addTo(classes, array.getGenericComponentType());
        case WildcardType wildcard -> addAll(classes, wildcard.getUpperBounds());
        case TypeVariable<?> variable -> addErasure(classes, variable);
        default -> {}
      }
    } catch (TypeNotPresentException | LinkageError _) {
      // a class of it is missing, so that none of it can come
    }
  }

  private static void addAll(Set<Class<?>> classes, Type[] types) {
    for (Type type : types) {
      addTo(classes, type);
    }
  }

  /// A bound may name its own variable, so that only its class counts.
  private static void addErasure(Set<Class<?>> classes, TypeVariable<?> variable) {
    for (Type bound : variable.getBounds()) {
      if (bound instanceof Class<?> one) {
        addClass(classes, one);
      } else if (bound instanceof ParameterizedType generic) {
        addTo(classes, generic.getRawType());
      }
    }
  }

  private static void addClass(Set<Class<?>> classes, Class<?> type) {
    if (type.isArray()) {
      addClass(classes, type.getComponentType());
      return;
    }
    if (type.isPrimitive()
        || type == Object.class
        || type == Serializable.class
        || !classes.add(type)) {
      return;
    }
    if (type.isSealed()) {
      addAll(classes, type.getPermittedSubclasses());
    }
    Type above = type.getGenericSuperclass();
    if (above != null) {
      addTo(classes, above);
    }
    if (isOfTheJdk(type)) {
      return;
    }
    for (Field field : type.getDeclaredFields()) {
      int modifiers = field.getModifiers();
      if (!Modifier.isStatic(modifiers) && !Modifier.isTransient(modifiers)) {
        addTo(classes, field.getGenericType());
      }
    }
  }

  private static boolean isOfTheJdk(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    return loader == null || loader == ClassLoader.getPlatformClassLoader();
  }
}
