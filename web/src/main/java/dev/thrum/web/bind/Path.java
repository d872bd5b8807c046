package dev.thrum.web.bind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// A component that comes from the path.
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Path {

  /// The name of the parameter in the path.
  ///
  /// @return a name; empty for that of the component
  String value() default "";
}
