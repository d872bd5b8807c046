package dev.thrum.web.internal;

import java.util.Map;

/// A handler that reads its request by itself, and tells what it takes and gives.
public interface Described {

  /// What is to be added to what is known of its route.
  ///
  /// @return a part of an operation of OpenAPI, such as `requestBody`; perhaps nothing
  Map<String, Object> operation();
}
