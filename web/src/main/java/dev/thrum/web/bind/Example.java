package dev.thrum.web.bind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What a component may be, for those who read the documentation. What it is for is said by
/// Jackson's `@JsonPropertyDescription`.
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Example {

  /// Examples, each written as it would stand in a query; of what is no single value, in JSON.
  ///
  /// @return one or more texts
  String[] value();
}
