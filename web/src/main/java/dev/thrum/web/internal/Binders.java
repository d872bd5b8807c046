package dev.thrum.web.internal;

import dev.thrum.web.bind.Body;
import dev.thrum.web.bind.Cookie;
import dev.thrum.web.bind.Form;
import dev.thrum.web.bind.Header;
import dev.thrum.web.bind.Path;
import dev.thrum.web.bind.Query;
import dev.thrum.web.internal.Shape.Field;
import dev.thrum.web.internal.Shape.Fields;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/// Makes binders, with all that can be found out about a type before there is a request.
public final class Binders {
  private final JsonMapper strict;
  private final JsonMapper declaring;
  private final Shapes shapes;

  /// Binders that read JSON as a mapper does, but more strictly: what must be there has to be.
  ///
  /// @param mapper the mapper
  public Binders(JsonMapper mapper) {
    shapes = new Shapes(mapper);
    JsonMapper.Builder writing = mapper.rebuild();
    declaring =
        writing
            .annotationIntrospector(
                AnnotationIntrospector.pair(
                    writing.annotationIntrospector(), new Returns.Declared()))
            .build();
    JsonMapper.Builder builder = mapper.rebuild();
    strict =
        builder
            .annotationIntrospector(
                AnnotationIntrospector.pair(
                    new RequiredComponents(shapes), builder.annotationIntrospector()))
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .withCoercionConfig(
                LogicalType.Textual,
                texts ->
                    texts
                        .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .withCoercionConfig(
                LogicalType.Float,
                numbers ->
                    numbers
                        .setCoercion(CoercionInputShape.String, CoercionAction.TryConvert)
                        .setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail))
            .withCoercionConfig(
                LogicalType.Integer,
                numbers ->
                    numbers
                        .setCoercion(CoercionInputShape.String, CoercionAction.TryConvert)
                        .setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail))
            .build();
  }

  /// The shapes of types as these binders see them.
  ///
  /// @return shapes
  public Shapes shapes() {
    return shapes;
  }

  /// A binder for a route.
  ///
  /// @param type the type of the objects
  /// @param method the method of the route
  /// @param names the parameters in its path
  /// @param <T> the type of the objects
  /// @return a binder
  /// @throws IllegalArgumentException if requests cannot be read into such objects
  public <T> Binder<T> of(Type type, String method, Set<String> names) {
    Shape shape = shapes.of(type);
    Unchecked.refuse(shape);
    if (!(shape instanceof Fields record)) {
      return new BodyBinder<>(reader(type), null);
    }
    List<Part> parts = parts(record, method, names);
    return parts.isEmpty() && hasBody(method)
        ? new BodyBinder<>(reader(type), form(record))
        : new PartsBinder<>(record, parts);
  }

  /// What writes what handlers give.
  ///
  /// @param type what the route returns
  /// @return something that writes such values
  public Returns returns(Type type) {
    return new Returns(strict, declaring, strict.constructType(type));
  }

  /// What reads bodies of a type.
  BodyReader reader(Type type) {
    return new BodyReader(strict, type, shapes.of(type));
  }

  private <T> @Nullable Binder<T> form(Fields record) {
    try {
      return new PartsBinder<>(record, parts(record, record.fields(), Source.FORM, Set.of(), true));
    } catch (IllegalArgumentException _) {
      return null; // it has maps or lists of records, which no form can have
    }
  }

  /// Where the components of a record come from.
  ///
  /// @param record the record
  /// @param method the method of the route
  /// @param names the parameters in its path
  /// @return the parts; none if the record is the body as a whole, or has no components
  /// @throws IllegalArgumentException if a component cannot come from where it should
  public List<Part> parts(Fields record, String method, Set<String> names) {
    boolean hasBody = hasBody(method);
    if (record.fields().stream().anyMatch(one -> one.shape().isOfFiles())) {
      return parts(record, record.fields(), Source.FORM, names, true);
    }
    boolean marked = record.fields().stream().anyMatch(one -> Source.of(one) != null);
    return marked || !hasBody
        ? parts(record, record.fields(), Source.QUERY, names, !hasBody)
        : List.of();
  }

  /// Whether a body is to be expected.
  ///
  /// @param method a method
  /// @return whether it has a body
  public static boolean hasBody(String method) {
    return switch (method) {
      case "GET", "HEAD", "DELETE", "OPTIONS" -> false;
      default -> true;
    };
  }

  private List<Part> parts(
      Fields record, List<Field> fields, Source usual, Set<String> names, boolean inner) {
    List<Part> parts = new ArrayList<>();
    for (Field one : fields) {
      Source source = Source.of(one);
      if (source == null) {
        boolean body = !inner && (one.shape() instanceof Fields);
        source = names.contains(one.name()) ? Source.PATH : body ? Source.BODY : usual;
      }
      parts.add(part(record, one, source, names));
    }
    long bodies = parts.stream().filter(one -> one.source() == Source.BODY).count();
    if (bodies > 1) {
      throw new IllegalArgumentException(
          record + " has " + bodies + " bodies; put them into one record");
    }
    return List.copyOf(parts);
  }

  private Part part(Fields record, Field field, Source source, Set<String> names) {
    String name = source.name(field);
    if (source == Source.BODY) {
      var reader = new BodyReader(strict, field.annotated().type(), field.shape());
      return new Part(field, source, name, List.of("body"), List.of(), reader, null, null);
    }
    if (source == Source.PATH && !names.contains(name)) {
      throw new IllegalArgumentException(
          record + " wants a parameter \"" + name + "\", which the path does not have");
    }
    List<Object> loc = List.of(source.where(), name);
    return switch (field.shape()) {
      case Shape files when files.isOfFiles() -> {
        if (source != Source.FORM || !field.fallback().isEmpty()) {
          throw new IllegalArgumentException(
              record + ": \"" + field.name() + "\" can only come from a form, and has no default");
        }
        yield new Part(field, source, name, loc, List.of(), null, null, null);
      }
      case Shape.Scalar scalar ->
          new Part(field, source, name, loc, List.of(), null, null, fallback(field, scalar));
      case Shape.Items items
          when items.element() instanceof Shape.Scalar scalar && source != Source.PATH ->
          new Part(field, source, name, loc, List.of(), null, null, fallback(field, scalar));
      case Fields inner when source != Source.PATH -> {
        List<Part> parts = parts(inner, inner.fields(), source, Set.of(), true);
        var binder = new PartsBinder<>(inner, parts);
        yield new Part(field, source, name, List.of(source.where()), parts, null, binder, null);
      }
      default ->
          throw new IllegalArgumentException(
              "%s: \"%s\" is a %s, which cannot come from the %s"
                  .formatted(record, field.name(), field.annotated().type(), source.where()));
    };
  }

  private static @Nullable Object fallback(Field field, Shape.Scalar scalar) {
    if (field.fallback().isEmpty()) {
      return null;
    }
    List<Object> values = new ArrayList<>();
    for (String one : field.fallback()) {
      try {
        values.add(Texts.read(one, scalar.raw(), List.of()));
      } catch (dev.thrum.web.ValidationException e) {
        throw new IllegalArgumentException(
            "the default of " + field.component() + " is no " + scalar.raw().getName(), e);
      }
    }
    return field.shape() instanceof Shape.Items items
        ? PartsBinder.collection(items.raw(), values)
        : values.getFirst();
  }

  /// A component and where it comes from.
  ///
  /// @param field the component
  /// @param source where from
  /// @param name its name there
  /// @param loc its place in problems
  /// @param inner the parts of a record whose components all come from there
  /// @param body what reads it, if it is the body
  /// @param record what reads it, if it is a record of parts
  /// @param fallback its value if nothing is said
  public record Part(
      Field field,
      Source source,
      String name,
      List<Object> loc,
      List<Part> inner,
      @Nullable BodyReader body,
      @Nullable PartsBinder<?> record,
      @Nullable Object fallback) {}

  /// Where something comes from.
  public enum Source {
    /// The path.
    PATH,
    /// The query.
    QUERY,
    /// The headers.
    HEADER,
    /// The cookies.
    COOKIE,
    /// The fields of a form.
    FORM,
    /// The whole body.
    BODY;

    /// What problems call it.
    ///
    /// @return such as `query`
    public String where() {
      return this == FORM ? "body" : name().toLowerCase(Locale.ROOT);
    }

    static @Nullable Source of(Field field) {
      RecordComponent component = field.component();
      if (component.isAnnotationPresent(Path.class)) {
        return PATH;
      }
      if (component.isAnnotationPresent(Query.class)) {
        return QUERY;
      }
      if (component.isAnnotationPresent(Header.class)) {
        return HEADER;
      }
      if (component.isAnnotationPresent(Cookie.class)) {
        return COOKIE;
      }
      if (component.isAnnotationPresent(Form.class)) {
        return FORM;
      }
      return component.isAnnotationPresent(Body.class) ? BODY : null;
    }

    private String name(Field field) {
      RecordComponent component = field.component();
      Path path = component.getAnnotation(Path.class);
      Query query = component.getAnnotation(Query.class);
      Header header = component.getAnnotation(Header.class);
      Cookie cookie = component.getAnnotation(Cookie.class);
      Form form = component.getAnnotation(Form.class);
      String said =
          switch (this) {
            case PATH -> path == null ? "" : path.value();
            case QUERY -> query == null ? "" : query.value();
            case HEADER -> header == null ? "" : header.value();
            case COOKIE -> cookie == null ? "" : cookie.value();
            case FORM -> form == null ? "" : form.value();
            case BODY -> "";
          };
      if (!said.isEmpty()) {
        return said;
      }
      return switch (this) {
        case HEADER -> header(field.name());
        case FORM -> field.json();
        default -> field.name();
      };
    }

    private static String header(String name) {
      StringBuilder made = new StringBuilder();
      for (char one : name.replace('_', '-').toCharArray()) {
        boolean upper = Character.isUpperCase(one);
        var _ = upper && !made.isEmpty() ? made.append('-') : made;
        made.append(Character.toLowerCase(one));
      }
      return made.toString();
    }
  }
}
