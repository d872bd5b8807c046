package dev.thrum.web.internal;

import dev.thrum.web.Json;
import dev.thrum.web.RouteInfo;
import dev.thrum.web.ValidationException.Problem;
import dev.thrum.web.bind.Default;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Has loaded, before there is a loop, what the first requests would load: Jackson and the
/// validator, with what they find out about the types of routes.
public final class WarmUp {
  private static final List<String> TEXTS =
      List.of(
          "{\"number\":1,\"text\":\"a\",\"list\":[1.5],\"perhaps\":true,\"inner\":{\"flag\":true}}",
          "{\"number\":0,\"text\":\" \",\"list\":[],\"inner\":{}}",
          "{\"number\":\"x\",\"list\":{}}",
          "{\"number\"");

  private WarmUp() {}

  record Inner(@Default("true") boolean flag) {}

  record Sample(
      @Min(1) int number,
      @NotBlank String text,
      List<Double> list,
      Optional<Boolean> perhaps,
      Inner inner) {}

  /// Has it loaded.
  ///
  /// @param json how objects are read and written
  /// @param routes what is read and written
  public static void of(Json json, List<RouteInfo> routes) {
    JsonMapper mapper = json.mapper();
    BodyReader reader = new Binders(mapper).reader(Sample.class);
    for (String text : TEXTS) {
      List<Problem> problems = new ArrayList<>();
      Object read = reader.read(text.getBytes(StandardCharsets.UTF_8), problems);
      var _ = json.bytes(read == null || !problems.isEmpty() ? shown(problems) : read);
    }
    for (RouteInfo route : routes) {
      route.input().ifPresent(type -> writes(mapper, type));
      route.returns().ifPresent(type -> writes(mapper, type));
    }
  }

  private static Object shown(List<Problem> problems) {
    return Map.of(
        "detail",
        problems.stream().map(one -> Map.of("type", one.type(), "loc", one.loc())).toList());
  }

  private static void writes(JsonMapper mapper, Type type) {
    try {
      var _ = mapper.writerFor(mapper.constructType(type));
    } catch (JacksonException _) {
      // it may never be written; if it is, the request fails
    }
  }
}
