package dev.thrum.web.internal;

import dev.thrum.web.Request;
import dev.thrum.web.ValidationException;

/// Reads a request into an object.
public interface Binder {

  /// Reads a request.
  ///
  /// @param request the request
  /// @param type the type of the object
  /// @param <T> the type of the object
  /// @return the object
  /// @throws ValidationException if the request is not as the type wants it
  /// @throws Exception if it cannot be read
  <T> T bind(Request request, Class<T> type) throws Exception;
}
