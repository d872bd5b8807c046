package dev.thrum.web.bind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// A component that comes from the query. On a component that is a record: each of its components
/// does.
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Query {

  /// The name in the query.
  ///
  /// @return a name; empty for that of the component
  String value() default "";
}
