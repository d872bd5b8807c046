package dev.thrum.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The tree of paths against a list of patterns that are tried one by one.
final class PathTreeTest {
  private static final List<String> PIECES =
      List.of("a", "ab", "b", "{x}", "{n:int}", "a{x}", "{x}.b", "{n:int}-{x}", "{r:path}");
  private static final List<String> SEGMENTS =
      List.of("a", "ab", "abc", "b", "1", "12-b", "x.b", "");

  private static final class Found extends PathTree.Walk<String, String> {
    @Nullable String pattern;

    Found(String path) {
      super(path);
    }

    @Override
    boolean accepts(String leaf) {
      pattern = leaf;
      return true;
    }

    @Override
    void passes(String below) {}

    /// The pattern with the values in it.
    String filled() {
      String made = String.valueOf(pattern);
      for (int i = 0; i < count; i++) {
        made = made.replaceFirst("\\{[^}]*\\}", texts[i]);
      }
      return made;
    }
  }

  private static String regex(String pattern) {
    return pattern
        .replace(".", "\\.")
        .replace("{x}", "[^/]+")
        .replace("{n:int}", "[0-9]+")
        .replace("{r:path}", ".*");
  }

  /// Names do not matter to a tree; two patterns that differ in them only are the same.
  private static String random(Random random, List<String> pieces, int most) {
    StringBuilder made = new StringBuilder();
    int count = 1 + random.nextInt(most);
    for (int i = 0; i < count; i++) {
      made.append('/').append(pieces.get(random.nextInt(pieces.size())));
    }
    return made.toString();
  }

  @Test
  void itFindsAPatternExactlyIfOneMatches() {
    long seed = Long.getLong("thrum.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      PathTree<String, String> tree = new PathTree<>();
      List<String> patterns = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        String pattern = unique(random(random, PIECES, 3));
        patterns.add(pattern);
        tree.put(PathPattern.parse(pattern, Converters.ALL), pattern, (before, _) -> before);
      }
      for (int i = 0; i < 40; i++) {
        String path = random(random, SEGMENTS, 4);
        boolean expected = patterns.stream().anyMatch(one -> path.matches(regex(plain(one))));
        Found found = new Found(path);
        String about = "seed " + seed + ", " + path + " in " + patterns;
        assertEquals(expected, tree.find(found), about);
        if (expected) {
          assertEquals(path, found.filled(), about);
        }
      }
    }
  }

  /// Gives each parameter a name of its own.
  private static String unique(String pattern) {
    StringBuilder made = new StringBuilder();
    int count = 0;
    for (int i = 0; i < pattern.length(); i++) {
      made.append(pattern.charAt(i));
      if (pattern.charAt(i) == '{') {
        made.append('p').append(count++).append('_');
      }
    }
    return made.toString();
  }

  private static String plain(String pattern) {
    return pattern.replaceAll("\\{p[0-9]+_", "{");
  }
}
