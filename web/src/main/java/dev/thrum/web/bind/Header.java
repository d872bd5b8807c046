package dev.thrum.web.bind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// A component that comes from the headers: `userAgent` from `user-agent`, if no other name is
/// given. A list has every header of that name.
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Header {

  /// The name of the header.
  ///
  /// @return a name; empty for that of the component
  String value() default "";
}
