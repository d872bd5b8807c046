package dev.thrum.web.internal;

import dev.thrum.web.Request;
import dev.thrum.web.ValidationException;

/// Reads the requests of a route into objects.
///
/// @param <T> the type of the objects
@FunctionalInterface
public interface Binder<T> {

  /// Reads a request.
  ///
  /// @param request the request
  /// @return the object
  /// @throws ValidationException if the request is not as the type wants it
  /// @throws Exception if it cannot be read
  T bind(Request request) throws Exception;
}
