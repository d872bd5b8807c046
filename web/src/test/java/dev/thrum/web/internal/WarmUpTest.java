package dev.thrum.web.internal;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.web.App;
import dev.thrum.web.Json;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.ValueSerializerModifier;

/// What is loaded before there is a loop.
final class WarmUpTest {
  record Item(String name) {}

  record Answer(int number) {}

  interface Odd {
    Odd self();
  }

  @Test
  void theTypesOfRoutesAreLookedAt() {
    AtomicInteger items = new AtomicInteger();
    AtomicInteger answers = new AtomicInteger();
    var modifier =
        new ValueSerializerModifier() {
          private static final long serialVersionUID = 1L;

          @Override
          public ValueSerializer<?> modifySerializer(
              SerializationConfig config,
              BeanDescription.Supplier bean,
              ValueSerializer<?> serializer) {
            Class<?> type = bean.getBeanClass();
            if (type == Item.class) {
              items.incrementAndGet();
            } else if (type == Answer.class) {
              answers.incrementAndGet();
            }
            return serializer;
          }
        };
    Json json =
        Json.with(
            Json.builder().addModule(new SimpleModule().setSerializerModifier(modifier)).build());
    App app = App.create().json(json);
    app.post("/items", Item.class, (_, item) -> item);
    app.get("/answers", _ -> List.of()).returnsListOf(Answer.class);
    WarmUp.of(json, app.routes());
    assertTrue(items.get() > 0, "what is read");
    assertTrue(answers.get() > 0, "what is returned");
  }

  @Test
  void aTypeThatCannotBeWrittenStopsNothing() {
    App app = App.create();
    app.get("/odd", _ -> "").returns(Odd.class);
    app.get("/class", _ -> "").returns(ClassLoader.class);
    assertDoesNotThrow(() -> WarmUp.of(app.json(), app.routes()));
  }
}
