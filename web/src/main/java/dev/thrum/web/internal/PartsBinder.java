package dev.thrum.web.internal;

import dev.thrum.http.HttpException;
import dev.thrum.web.Params;
import dev.thrum.web.Request;
import dev.thrum.web.Upload;
import dev.thrum.web.ValidationException;
import dev.thrum.web.ValidationException.Problem;
import dev.thrum.web.internal.Binders.Part;
import dev.thrum.web.internal.Binders.Source;
import dev.thrum.web.internal.Shape.Fields;
import dev.thrum.web.internal.Shape.Items;
import dev.thrum.web.internal.Shape.Scalar;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Puts a record together from parts of a request.
final class PartsBinder<T> implements Binder<T> {
  private final Fields shape;
  private final Part[] parts;
  private final Map<String, List<Object>> places = new HashMap<>();
  private final List<Object> whole;
  private final MethodHandle constructor;
  private final boolean constrained;

  PartsBinder(Fields shape, List<Part> parts) {
    this.shape = shape;
    this.parts = parts.toArray(Part[]::new);
    parts.forEach(one -> places.put(one.field().name(), one.loc()));
    List<String> wheres = parts.stream().map(one -> one.source().where()).distinct().toList();
    this.whole = wheres.size() == 1 ? List.of(wheres.getFirst()) : List.of("request");
    this.constructor = constructor(shape.raw());
    this.constrained = Constraints.any(shape);
  }

  private static MethodHandle constructor(Class<?> type) {
    try {
      Class<?>[] types =
          Arrays.stream(type.getRecordComponents())
              .map(RecordComponent::getType)
              .toArray(Class<?>[]::new);
      Constructor<?> canonical = type.getDeclaredConstructor(types);
      canonical.setAccessible(true);
      MethodHandle handle = MethodHandles.lookup().unreflectConstructor(canonical);
      return handle
          .asSpreader(Object[].class, types.length)
          .asType(java.lang.invoke.MethodType.methodType(Object.class, Object[].class));
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("cannot make a " + type.getName(), e);
    }
  }

  @Override
  @SuppressWarnings("unchecked")
  public T bind(Request request) throws Exception {
    List<Problem> problems = new ArrayList<>(0);
    Object made = read(request, problems);
    if (made != null && problems.isEmpty() && constrained) {
      Constraints.check(
          made, shape, field -> places.getOrDefault(field.name(), whole), whole, problems);
    }
    if (made == null || !problems.isEmpty()) {
      throw new ValidationException(problems);
    }
    return (T) made;
  }

  /// Reads the parts; the result is null only if there are problems.
  private @Nullable Object read(Request request, List<Problem> problems) throws Exception {
    @Nullable Object[] values = new Object[parts.length];
    boolean[] wrong = new boolean[parts.length];
    int before = problems.size();
    for (int i = 0; i < parts.length; i++) {
      int known = problems.size();
      Object value = part(parts[i], request, problems);
      values[i] = parts[i].field().optional() ? Optional.ofNullable(value) : value;
      wrong[i] = problems.size() > known;
    }
    if (problems.size() > before) {
      checkOthers(values, wrong, problems);
      return null;
    }
    return make(values, problems);
  }

  private @Nullable Object make(@Nullable Object[] values, List<Problem> problems) {
    try {
      return (Object) constructor.invokeExact(values);
    } catch (IllegalArgumentException e) {
      problems.add(
          new Problem("value_error", whole, "Value error, " + e.getMessage(), Optional.empty()));
      return null;
    } catch (Throwable e) {
      throw dev.thrum.internal.Sneaky.sneak(e);
    }
  }

  private void checkOthers(@Nullable Object[] values, boolean[] wrong, List<Problem> problems) {
    for (int i = 0; constrained && i < parts.length; i++) {
      if (!wrong[i]) {
        Constraints.checkAlone(shape, parts[i].field(), values[i], parts[i].loc(), problems);
      }
    }
  }

  private static @Nullable Object part(Part part, Request request, List<Problem> problems)
      throws Exception {
    BodyReader body = part.body();
    if (body != null) {
      return body(body, part, request, problems);
    }
    PartsBinder<?> record = part.record();
    if (record != null) {
      return record.read(request, problems);
    }
    if (part.source() == Source.FORM && !isForm(request)) {
      return lacking(part, problems);
    }
    if (part.field().shape().isOfFiles()) {
      return files(part, request.uploads(part.name()), problems);
    }
    return switch (part.field().shape()) {
      case Items items -> list(part, items, texts(part, request), problems);
      case Scalar scalar -> scalar(part, scalar.raw(), request, problems);
      default -> throw new IllegalStateException(part.field().name());
    };
  }

  private static @Nullable Object files(Part part, List<Upload> files, List<Problem> problems) {
    if (files.isEmpty()) {
      return lacking(part, problems);
    }
    return part.field().shape() instanceof Items items
        ? collection(items.raw(), List.copyOf(files))
        : files.getFirst();
  }

  private static boolean isForm(Request request) throws IOException {
    String content = request.headers().get("Content-Type", "");
    if (content.isEmpty() && request.body().length == 0) {
      return false;
    }
    if (!BodyReader.isForm(content)) {
      throw new HttpException(415, "not a form");
    }
    return true;
  }

  private static @Nullable Object body(
      BodyReader reader, Part part, Request request, List<Problem> problems) throws IOException {
    byte[] bytes = request.body();
    if (bytes.length == 0 && !part.field().required()) {
      return null;
    }
    if (!BodyReader.isJson(request.headers().get("Content-Type", "application/json"))) {
      throw new HttpException(415, "not JSON");
    }
    return reader.read(bytes, problems);
  }

  private static @Nullable Object scalar(
      Part part, Class<?> type, Request request, List<Problem> problems) throws IOException {
    try {
      if (part.source() == Source.PATH) {
        return request.path(part.name(), type);
      }
      String text = text(part, request);
      return text == null || (text.isEmpty() && isBlankField(part, type))
          ? lacking(part, problems)
          : Texts.read(text, type, part.loc());
    } catch (ValidationException e) {
      problems.addAll(e.problems());
      return null;
    }
  }

  /// Browsers send fields that nobody has filled in.
  private static boolean isBlankField(Part part, Class<?> type) {
    return part.source() == Source.FORM && type != String.class;
  }

  private static @Nullable Object lacking(Part part, List<Problem> problems) {
    if (part.fallback() == null && part.field().shape() instanceof Items items) {
      boolean open = part.field().optional() || part.field().nullable();
      return open ? null : collection(items.raw(), List.of());
    }
    if (part.field().required()) {
      problems.add(new Problem("missing", part.loc(), "Field required", Optional.empty()));
    }
    return part.fallback();
  }

  private static @Nullable String text(Part part, Request request) throws IOException {
    return switch (part.source()) {
      case QUERY -> request.query(part.name()).orElse(null);
      case HEADER -> request.header(part.name()).orElse(null);
      case COOKIE -> request.cookie(part.name()).orElse(null);
      case FORM -> request.form().get(part.name()).orElse(null);
      default -> throw new IllegalStateException(part.name());
    };
  }

  private static List<String> texts(Part part, Request request) throws IOException {
    return switch (part.source()) {
      case QUERY -> request.queries(part.name());
      case HEADER -> request.headers().all(part.name());
      case COOKIE ->
          request.cookies().stream()
              .filter(one -> one.name().equals(part.name()))
              .map(dev.thrum.http.Cookie::value)
              .toList();
      case FORM -> form(request.form(), part.name());
      default -> throw new IllegalStateException(part.name());
    };
  }

  private static List<String> form(Params form, String name) {
    return form.all(name);
  }

  private static @Nullable Object list(
      Part part, Items items, List<String> texts, List<Problem> problems) {
    if (texts.isEmpty() || !(items.element() instanceof Scalar scalar)) {
      return lacking(part, problems);
    }
    List<Object> values = new ArrayList<>(texts.size());
    for (int i = 0; i < texts.size(); i++) {
      try {
        values.add(Texts.read(texts.get(i), scalar.raw(), Constraints.plus(part.loc(), i)));
      } catch (ValidationException e) {
        problems.addAll(e.problems());
      }
    }
    return collection(items.raw(), values);
  }

  /// A collection of a kind that can be a component: an array, or an interface that a list or a set
  /// is.
  static Object collection(Class<?> raw, List<Object> values) {
    if (raw.isArray()) {
      Object made = Array.newInstance(raw.getComponentType(), values.size());
      for (int i = 0; i < values.size(); i++) {
        Array.set(made, i, values.get(i));
      }
      return made;
    }
    if (raw.isAssignableFrom(List.class)) {
      return List.copyOf(values);
    }
    if (raw.isAssignableFrom(Set.class)) {
      return Collections.unmodifiableSet(new LinkedHashSet<>(values));
    }
    throw new IllegalArgumentException(raw.getName() + ": give a List, a Set or an array");
  }
}
