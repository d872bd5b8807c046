package dev.thrum.web.bind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What a component is if a request says nothing of it. It counts in bodies, too.
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Default {

  /// The value, written as it would stand in a query; several for a list.
  ///
  /// @return one or more texts
  String[] value();
}
