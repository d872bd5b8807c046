package dev.thrum.web.internal;

import jakarta.validation.MessageInterpolator;
import jakarta.validation.valueextraction.ExtractedValue;
import jakarta.validation.valueextraction.ValueExtractor;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// Has the validator look at no more elements of lists, sets and maps once enough of them are
/// wrong. It keeps what is wrong in a table in which all elements of a list collide, so that it
/// would take minutes over a million of them.
final class Enough {
  private static final ScopedValue<int[]> WRONG = ScopedValue.newInstance();

  private Enough() {}

  /// Validates with a count.
  static <T> Set<T> counting(Supplier<Set<T>> validating) {
    return ScopedValue.where(WRONG, new int[1]).call(validating::get);
  }

  private static boolean isReached() {
    return WRONG.isBound() && WRONG.get()[0] >= Constraints.MOST;
  }

  /// Is asked for a message of everything that is wrong, and counts.
  record Counting(MessageInterpolator messages) implements MessageInterpolator {
    @Override
    public String interpolate(String template, Context context) {
      count();
      return messages.interpolate(template, context);
    }

    @Override
    public String interpolate(String template, Context context, Locale locale) {
      count();
      return messages.interpolate(template, context, locale);
    }

    private static void count() {
      if (WRONG.isBound()) {
        WRONG.get()[0]++;
      }
    }
  }

  static final class OfLists implements ValueExtractor<List<@ExtractedValue ?>> {
    @Override
    public void extractValues(List<?> all, ValueReceiver receiver) {
      int at = 0;
      for (Object one : all) {
        if (isReached()) {
          return;
        }
        receiver.indexedValue("<list element>", at++, one);
      }
    }
  }

  static final class OfCollections implements ValueExtractor<Collection<@ExtractedValue ?>> {
    @Override
    public void extractValues(Collection<?> all, ValueReceiver receiver) {
      for (Object one : all) {
        if (isReached()) {
          return;
        }
        receiver.iterableValue("<iterable element>", one);
      }
    }
  }

  static final class OfKeys implements ValueExtractor<Map<@ExtractedValue ?, ?>> {
    @Override
    public void extractValues(Map<?, ?> all, ValueReceiver receiver) {
      for (Object key : all.keySet()) {
        if (isReached()) {
          return;
        }
        receiver.keyedValue("<map key>", key, key);
      }
    }
  }

  static final class OfValues implements ValueExtractor<Map<?, @ExtractedValue ?>> {
    @Override
    public void extractValues(Map<?, ?> all, ValueReceiver receiver) {
      for (Map.Entry<?, ?> one : all.entrySet()) {
        if (isReached()) {
          return;
        }
        receiver.keyedValue("<map value>", one.getKey(), one.getValue());
      }
    }
  }
}
