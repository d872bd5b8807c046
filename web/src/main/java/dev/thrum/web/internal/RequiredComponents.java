package dev.thrum.web.internal;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.thrum.web.internal.Shape.Field;
import dev.thrum.web.internal.Shape.Fields;
import java.lang.reflect.Constructor;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.NopAnnotationIntrospector;

/// Tells Jackson that components of records must be there and must not be null.
final class RequiredComponents extends NopAnnotationIntrospector {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // it is not serialized
  private final Shapes shapes;

  RequiredComponents(Shapes shapes) {
    this.shapes = shapes;
  }

  @Override
  public @Nullable Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
    Field field = field(member);
    return field == null ? null : field.required();
  }

  @Override
  public JsonSetter.Value findSetterInfo(MapperConfig<?> config, Annotated annotated) {
    Field field = field(annotated);
    if (field == null) {
      return JsonSetter.Value.empty();
    }
    Nulls value = field.optional() || field.nullable() ? Nulls.DEFAULT : Nulls.FAIL;
    return JsonSetter.Value.construct(value, contents(field.shape()));
  }

  private static Nulls contents(Shape shape) {
    return switch (shape) {
      case Shape.Items items when !items.annotated().mayBeNull() -> Nulls.FAIL;
      case Shape.Entries entries when !entries.annotated().mayBeNull() -> Nulls.FAIL;
      default -> Nulls.DEFAULT;
    };
  }

  private @Nullable Field field(Annotated annotated) {
    if (annotated instanceof AnnotatedParameter parameter
        && parameter.getOwner().getAnnotated() instanceof Constructor<?> constructor
        && constructor.getDeclaringClass().isRecord()) {
      List<Field> fields =
          shapes.fields(constructor.getDeclaringClass()).map(Fields::fields).orElse(List.of());
      return !fields.isEmpty() && constructor.getParameterCount() == fields.size()
          ? fields.get(parameter.getIndex())
          : null;
    }
    return null;
  }
}
