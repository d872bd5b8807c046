package dev.thrum.web.internal;

import java.lang.invoke.MethodType;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.NopAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;

/// Writes what a handler gives as the type that its route returns, with what that type has and
/// nothing else. A value of another type is made one of it first.
///
/// What is of an abstract class or an interface is written as what it is.
public final class Returns {
  private final JavaType type;
  private final Class<?> raw;
  private final ObjectReader reader;
  private final ObjectWriter writer;
  private final ObjectWriter any;

  /// @param strict reads what is made one of the type
  /// @param declaring writes, by [Declared]
  Returns(JsonMapper strict, JsonMapper declaring, JavaType declared) {
    JavaType at = declared;
    while (at.hasRawClass(Optional.class)) {
      at = at.getContentType();
    }
    type = at;
    JavaType written = at;
    if (at.isCollectionLikeType() && at.getRawClass().isInterface()) {
      written =
          strict.getTypeFactory().constructCollectionType(Collection.class, at.getContentType());
    }
    raw = MethodType.methodType(written.getRawClass()).wrap().returnType();
    reader = strict.readerFor(type).without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    any = declaring.writer();
    boolean fixed = isFixed(written);
    boolean holds = written.isContainerType() || written.isReferenceType();
    writer =
        fixed || holds ? declaring.writerFor(fixed ? written.withStaticTyping() : written) : any;
  }

  /// Whether a type says by itself what is written.
  private static boolean isFixed(JavaType type) {
    boolean holds = type.isContainerType() || type.isReferenceType();
    return holds ? isFixed(type.getContentType()) : !type.isJavaLangObject() && !type.isAbstract();
  }

  /// Has Jackson write what is in objects as their classes say, and not as what it happens to be.
  static final class Declared extends NopAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public JsonSerialize.@Nullable Typing findSerializationTyping(
        MapperConfig<?> config, Annotated annotated) {
      return annotated instanceof AnnotatedMember member && isFixed(member.getType())
          ? JsonSerialize.Typing.STATIC
          : null;
    }
  }

  /// Whether a text is one without being JSON.
  ///
  /// @return whether texts may be given
  public boolean isText() {
    return raw.isAssignableFrom(String.class);
  }

  /// Writes a value.
  ///
  /// @param value the value
  /// @return JSON in UTF-8
  /// @throws IllegalStateException if it cannot be written as the type
  public byte[] bytes(Object value) {
    if (raw.isInstance(value)) {
      try {
        return writer.writeValueAsBytes(value);
      } catch (JacksonException | IllegalArgumentException | ClassCastException _) {
        // a list may hold something else
      }
    }
    try {
      Object made = reader.readValue(any.writeValueAsBytes(value));
      return writer.writeValueAsBytes(made);
    } catch (JacksonException e) {
      throw new IllegalStateException(
          "the handler has given a %s, which cannot be written as the %s that its route returns"
              .formatted(value.getClass().getName(), type.toCanonical()),
          e);
    }
  }
}
