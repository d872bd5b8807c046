package dev.thrum.web.bind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// A component that is a field of a form. On a component that is a record: each of its components
/// is.
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Form {

  /// The name of the field.
  ///
  /// @return a name; empty for that of the component
  String value() default "";
}
